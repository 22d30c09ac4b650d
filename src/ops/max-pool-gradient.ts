// The gradient of MaxPool: dy goes to the first maximum of its window.

import { sizeOf } from "../tensor/tensor.ts";
import type { Rule } from "./define.ts";

/** dx through the forward node's Indices, which count over the whole of x. Overlapping windows add up. */
export function scatterToIndices(r: Rule): string {
  const shape = r.shape(r.in(0));
  const zeros = r.emit("Expand", [r.scalar(0), r.ints([sizeOf(shape)])]);
  const flat = [r.out(1), r.dy()].map((name) => r.reshape(name, [sizeOf(r.shape(name))]));
  return r.reshape(r.emit("ScatterElements", [zeros, ...flat], { axis: 0, reduction: "add" }), shape);
}
