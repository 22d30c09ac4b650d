// The adjoint of picking elements at positions that are computed at run time.

import type { Rule } from "./define.ts";

/** Zeros of `shape` with `dy` added at `indices` along `axis` (ScatterElements). Elements that are picked twice add up. */
export function scatterAdd(r: Rule, shape: readonly number[], indices: string, dy: string, axis: number): string {
  const zeros = r.emit("Expand", [r.scalar(0, dy), r.ints(shape)]);
  return r.emit("ScatterElements", [zeros, indices, dy], { axis, reduction: "add" });
}
