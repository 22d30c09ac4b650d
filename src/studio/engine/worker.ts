// The worker: takes tasks, runs them, and sends back what they report, their results and their failures.

import { isPellucidError } from "pellucid";
import { activations, raw, survey } from "./activations.ts";
import { ascend } from "./ascend.ts";
import { draw } from "./draw.ts";
import { answering, explain, where } from "./explain.ts";
import { look } from "./look.ts";
import { open, predict } from "./open.ts";
import type { Failure, FromWorker, TaskName, ToWorker } from "./protocol.ts";
import { createGate, type Gate, type Task } from "./task.ts";

const tasks: { readonly [Name in TaskName]: Task<Name> } = { open, look, predict, survey, activations, ascend, explain, answering, where, draw, raw };

interface Running {
  readonly controller: AbortController;
  readonly gate: Gate;
}

const running = new Map<number, Running>();

/** The worker's own side of postMessage. */
const port = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
};

port.onmessage = ({ data }) => {
  if ("task" in data) void run(data.id, data.task, data.argument);
  else if ("stop" in data) stop(data.id);
  else running.get(data.id)?.gate.set(data.paused);
};

function stop(id: number): void {
  running.get(id)?.controller.abort();
  running.get(id)?.gate.set(false);
}

async function run(id: number, name: TaskName, argument: unknown): Promise<void> {
  const [controller, gate] = [new AbortController(), createGate()];
  running.set(id, { controller, gate });
  try {
    const task = tasks[name] as (argument: unknown, context: unknown) => Promise<unknown>;
    const progress = (value: unknown) => port.postMessage({ id, progress: value });
    const result = await task(argument, { signal: controller.signal, progress, unpaused: gate.wait });
    port.postMessage({ id, result }, buffersOf(result));
  } catch (error) {
    port.postMessage({ id, failure: describe(error) });
  } finally {
    running.delete(id);
  }
}

/** Large arrays are handed over instead of copied. */
function buffersOf(result: unknown): Transferable[] {
  if (typeof result !== "object" || result === null) return [];
  const buffers = Object.values(result).filter((value) => ArrayBuffer.isView(value) && value.byteLength > 65_536) as { buffer: ArrayBuffer }[];
  return [...new Set(buffers.map(({ buffer }) => buffer))];
}

function describe(error: unknown): Failure {
  if (isPellucidError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error), hint: undefined };
}
