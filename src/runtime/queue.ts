// One piece of work on ONNX Runtime at a time: its wasm and WebGPU builds do not allow more, its Node binding blocks anyway.

let last: Promise<unknown> = Promise.resolve();

/** Does `work` when all that was queued before is done. Work must not queue more and wait for it. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}
