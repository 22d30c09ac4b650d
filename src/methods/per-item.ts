// Reductions over everything but the batch.

import type { GraphWriter } from "../ops/writer.ts";

/** Reduces each item to one number: `[N, …]` → `[N]`, or `[N, 1, …]` if the axes are kept. */
export function perItem(
  writer: GraphWriter,
  reduction: "ReduceSum" | "ReduceMean" | "ReduceMax" | "ReduceMin",
  name: string,
  axes: "drop" | "keep" = "drop",
): string {
  const over = writer.shape(name).flatMap((_, axis) => (axis === 0 ? [] : [axis]));
  return over.length ? writer.emit(reduction, [name, writer.ints(over)], { keepdims: axes === "keep" ? 1 : 0 }) : name;
}

/** Largest magnitude of each item, `[N]`. */
export function magnitude(writer: GraphWriter, name: string, axes: "drop" | "keep" = "drop"): string {
  return perItem(writer, "ReduceMax", writer.emit("Abs", [name]), axes);
}
