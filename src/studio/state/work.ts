// Long work that the user sees and can stop, and failures that they are told of.

import { type RunningTask, start, TaskError } from "../engine/client.ts";
import type { Failure, TaskName, Tasks } from "../engine/protocol.ts";
import { studio, update, type Work } from "./studio.ts";

let lastId = 0;

/** Starts a task that is listed until it ends. */
export function startListed<Name extends TaskName>(
  label: string,
  task: Name,
  argument: Tasks[Name]["argument"],
  onProgress: (value: Tasks[Name]["progress"], show: (done: number, total: number) => void) => void = () => {},
): RunningTask<Name> {
  const id = ++lastId;
  const show = (done: number, total: number) => change(id, { done, total });
  const running = start(task, argument, (value) => onProgress(value, show));
  update({ work: [...studio().work, { id, label, done: 0, total: undefined, stop: running.stop }] });
  const end = () => update({ work: studio().work.filter((each) => each.id !== id) });
  running.result.then(end, end);
  return running;
}

/** Stops everything that is listed. */
export function stopAll(): void {
  for (const work of studio().work) work.stop();
}

/** What went wrong, or undefined where the user stopped it. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof TaskError)) return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error), hint: undefined };
  return error.failure.code === "ABORTED" ? undefined : error.failure;
}

/** Shows what went wrong; the rest of the state stays as it is. */
export function report(error: unknown): void {
  const failure = failureOf(error);
  if (failure) update({ failure });
}

function change(id: number, changes: Partial<Work>): void {
  update({ work: studio().work.map((each) => (each.id === id ? { ...each, ...changes } : each)) });
}
