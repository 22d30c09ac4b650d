// The adjoint of picking elements at positions that are computed at run time.

import type { Rule } from "./define.ts";
import { cast } from "./formula.ts";

/** Zeros of `shape` with `dy` added at `indices` along `axis` (ScatterElements). Elements that are picked twice add up. */
export function scatterAdd(r: Rule, shape: readonly number[], indices: string, dy: string, axis: number): string {
  return inSingle(r, dy, (x) => r.emit("ScatterElements", [zerosOf(r, shape, x), indices, x], { axis, reduction: "add" }));
}

/** Zeros of `shape` with `dy` added at index tuples (ScatterND). */
export function scatterAddND(r: Rule, shape: readonly number[], tuples: string, dy: string): string {
  return inSingle(r, dy, (x) => r.emit("ScatterND", [zerosOf(r, shape, x), tuples, x], { reduction: "add" }));
}

/** ONNX Runtime cannot add in half precision. */
function inSingle(r: Rule, dy: string, add: (x: string) => string): string {
  const dtype = r.dtype(dy);
  return cast(r, add(cast(r, dy, dtype === "float16" ? "float32" : dtype)), dtype);
}

function zerosOf(r: Rule, shape: readonly number[], like: string): string {
  return r.emit("Expand", [r.scalar(0, like), r.ints(shape)]);
}
