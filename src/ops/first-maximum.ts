// Which of several equal maxima takes the gradient: the first, as in PyTorch and TensorFlow.

import { sizeOf } from "../tensor/tensor.ts";
import type { Rule } from "./define.ts";
import { compare, keepWhere } from "./formula.ts";

/** `dy` where `x` equals its extremum `y` for the first time along `axes`, 0 elsewhere. `y` and `dy` have size 1 there. */
export function toFirstEqual(r: Rule, x: string, y: string, dy: string, axes: readonly number[]): string {
  const ranks = keepWhere(r, compare(r, "Equal", x, y), descending(r, r.shape(x), axes));
  const best = r.emit("ReduceMax", [ranks, r.ints(axes)], { keepdims: 1 });
  return keepWhere(r, compare(r, "Equal", ranks, best), dy);
}

/** n … 1 over the axes, row-major, size 1 along all others: the rank that an element has among equals. */
function descending(r: Rule, shape: readonly number[], axes: readonly number[]): string {
  const sizes = shape.map((d, axis) => (axes.includes(axis) ? d : 1));
  const n = sizeOf(sizes);
  return r.constant(
    Array.from({ length: n }, (_, i) => n - i),
    sizes,
    "float32",
  );
}
