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

/** Puts the model and the picture back on the desk of a new worker. */
type Restore = (put: <Name extends TaskName>(task: Name, argument: Tasks[Name]["argument"]) => Promise<unknown>) => Promise<unknown>;

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let restore: Restore = () => Promise.resolve();
/** Resolves when the worker's desk is as the page knows it. */
let ready: Promise<unknown> = Promise.resolve();
let lastId = 0;

/** Starts a task. Stopping it rejects its result with `ABORTED`. */
export function start<Name extends TaskName>(
  task: Name,
  argument: Tasks[Name]["argument"],
  onProgress: (value: Tasks[Name]["progress"]) => void = () => {},
): RunningTask<Name> {
  if (!worker) renew();
  return post(task, argument, onProgress, (message) => ready.then(() => worker?.postMessage(message)));
}

/** Runs a task to its end. */
export function run<Name extends TaskName>(task: Name, argument: Tasks[Name]["argument"], signal?: AbortSignal): Promise<Tasks[Name]["result"]> {
  const { result, stop } = start(task, argument);
  signal?.addEventListener("abort", stop, { once: true });
  return result;
}

/** Says what a worker must be told that takes the place of another. */
export function restoreBy(how: Restore): void {
  restore = how;
}

/** Ends the worker, whatever it is doing. All who wait are told why; the next task finds another with the same model and picture. */
export function endWorker(failure: Failure): void {
  worker?.terminate();
  worker = undefined;
  const told = [...waiting.values()];
  waiting.clear();
  for (const task of told) task.reject(new TaskError(failure));
}

function renew(): void {
  worker = startWorker();
  const direct = (message: ToWorker) => worker?.postMessage(message);
  ready = restore((task, argument) => post(task, argument, () => {}, direct).result).catch(() => undefined);
}

function post<Name extends TaskName>(
  task: Name,
  argument: Tasks[Name]["argument"],
  onProgress: (value: Tasks[Name]["progress"]) => void,
  send: (message: ToWorker) => void,
): RunningTask<Name> {
  const id = ++lastId;
  const result = new Promise<Tasks[Name]["result"]>((resolve, reject) => {
    waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, progress: onProgress as Waiting["progress"] });
  });
  send({ id, task, argument });
  return { result, stop: () => send({ id, stop: true }), pause: (paused) => send({ id, paused }) };
}

function startWorker(): Worker {
  const created = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "pellucid" });
  created.onmessage = ({ data }: MessageEvent<FromWorker>) => receive(data);
  created.onerror = ({ message }) => endWorker({ code: "INTERNAL", message: message || "The worker could not be started.", hint: undefined });
  return created;
}

function receive(message: FromWorker): void {
  const task = waiting.get(message.id);
  if (!("progress" in message)) waiting.delete(message.id);
  if ("progress" in message) task?.progress(message.progress);
  else if ("failure" in message) task?.reject(new TaskError(message.failure));
  else task?.resolve(message.result);
}
