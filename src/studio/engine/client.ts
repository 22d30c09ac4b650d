// The page's side of the worker: tasks as promises that can be stopped and paused.

import type { Failure, FromWorker, TaskName, Tasks, ToWorker } from "./protocol.ts";

/** An error that came from the worker. */
export class TaskError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export interface RunningTask<Name extends TaskName> {
  readonly result: Promise<Tasks[Name]["result"]>;
  stop(): void;
  pause(paused: boolean): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: TaskError): void;
  progress(value: unknown): void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let lastId = 0;

/** Starts a task. Stopping it rejects its result with `ABORTED`. */
export function start<Name extends TaskName>(
  task: Name,
  argument: Tasks[Name]["argument"],
  onProgress: (value: Tasks[Name]["progress"]) => void = () => {},
): RunningTask<Name> {
  worker ??= startWorker();
  const id = ++lastId;
  const send = (message: ToWorker) => worker?.postMessage(message);
  const result = new Promise<Tasks[Name]["result"]>((resolve, reject) => {
    waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, progress: onProgress as Waiting["progress"] });
  });
  send({ id, task, argument });
  return { result, stop: () => send({ id, stop: true }), pause: (paused) => send({ id, paused }) };
}

/** Runs a task to its end. */
export function run<Name extends TaskName>(task: Name, argument: Tasks[Name]["argument"], signal?: AbortSignal): Promise<Tasks[Name]["result"]> {
  const { result, stop } = start(task, argument);
  signal?.addEventListener("abort", stop, { once: true });
  return result;
}

function startWorker(): Worker {
  const created = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "pellucid" });
  created.onmessage = ({ data }: MessageEvent<FromWorker>) => receive(data);
  created.onerror = (event) => failAll({ code: "INTERNAL", message: event.message || "The worker could not be started.", hint: undefined });
  return created;
}

function receive(message: FromWorker): void {
  const task = waiting.get(message.id);
  if (!("progress" in message)) waiting.delete(message.id);
  if ("progress" in message) task?.progress(message.progress);
  else if ("failure" in message) task?.reject(new TaskError(message.failure));
  else task?.resolve(message.result);
}

/** A worker that broke down answers nothing more: all who wait are told, and the next task starts another. */
function failAll(failure: Failure): void {
  worker?.terminate();
  worker = undefined;
  for (const task of waiting.values()) task.reject(new TaskError(failure));
  waiting.clear();
}
