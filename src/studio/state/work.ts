// Work that the user sees and can stop, and failures that they are told of.

import { endWorker, type RunningTask, start, TaskError } from "../engine/client.ts";
import type { Failure, TaskName, Tasks } from "../engine/protocol.ts";
import { textOf } from "../text/use-text.ts";
import { studio, update, type Work } from "./studio.ts";

/** Work that ends sooner is not shown: it would only flicker. Milliseconds. */
const SOON = 400;
/** A run of ONNX Runtime cannot be interrupted: work that has not stopped by then is ended with its worker. Milliseconds. */
const PATIENCE = 2000;

let lastId = 0;

/** Starts a task that is listed until it ends. */
export function startListed<Name extends TaskName>(
  label: string,
  task: Name,
  argument: Tasks[Name]["argument"],
  onProgress: (value: Tasks[Name]["progress"], show: (done: number, total: number) => void) => void = () => {},
): RunningTask<Name> {
  const running = start(task, argument, (value) => onProgress(value, listed.show));
  const listed = list(label, running.stop, task !== "open" && task !== "look");
  running.result.then(listed.end, listed.end);
  return running;
}

/** Lists a piece of work, whoever does it. */
export function list(label: string, stop: () => void, ofModel = false): { show(done: number, total: number): void; end(): void } {
  const id = ++lastId;
  const isListed = () => studio().work.some((each) => each.id === id);
  const stopSurely = () => {
    stop();
    setTimeout(() => isListed() && endWorker(stopped()), PATIENCE);
  };
  update({ work: [...studio().work, { id, label, done: 0, total: undefined, shown: false, ofModel, stop, stopSurely }] });
  setTimeout(() => change(id, { shown: true }), SOON);
  return {
    show: (done, total) => change(id, { done, total }),
    end: () => update({ work: studio().work.filter((each) => each.id !== id) }),
  };
}

/** Stops what belongs to the model that was open. */
export function stopWorkOfModel(): void {
  for (const { ofModel, stop } of studio().work) if (ofModel) stop();
}

/** What went wrong, or undefined where the user stopped it. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof TaskError)) return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error), hint: undefined };
  return error.failure.code === "ABORTED" ? undefined : error.failure;
}

/** What is said of work that the user stopped. */
export function stopped(): Failure {
  return { code: "ABORTED", message: textOf(studio().language).stopped, hint: undefined };
}

/** Shows what went wrong; the rest of the state stays as it is. */
export function report(error: unknown): void {
  const failure = failureOf(error);
  if (failure) update({ failure });
}

function change(id: number, changes: Partial<Work>): void {
  if (studio().work.some((each) => each.id === id)) update({ work: studio().work.map((each) => (each.id === id ? { ...each, ...changes } : each)) });
}
