// How a task of the worker runs: it can be stopped and paused, and says how far it is.

import type { TaskName, Tasks } from "./protocol.ts";

export interface TaskContext<Progress> {
  readonly signal: AbortSignal;
  progress(value: Progress): void;
  /** Lets messages in, those that stop and pause among them; resolves when the task is not paused. */
  unpaused(): Promise<void>;
}

export type Task<Name extends TaskName> = (argument: Tasks[Name]["argument"], context: TaskContext<Tasks[Name]["progress"]>) => Promise<Tasks[Name]["result"]>;

/** A gate that a running task waits at while it is closed. */
export interface Gate {
  set(paused: boolean): void;
  wait(): Promise<void>;
}

export function createGate(): Gate {
  let closed: { readonly opened: Promise<void>; open(): void } | undefined;
  return {
    set(paused) {
      if (!paused) closed?.open();
      closed = paused ? (closed ?? promise()) : undefined;
    },
    async wait() {
      await nextTurn();
      await closed?.opened;
    },
  };
}

/** ONNX Runtime's wasm computes within one turn of the event loop: without a break between runs, no message would get in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function promise(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
