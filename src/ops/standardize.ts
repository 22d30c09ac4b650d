// Standardizing: x̂ = (x − mean) / √(variance + ε) over some axes, which most normalizations do first, and its gradient.

import type { Rule } from "./define.ts";
import { add, inverseRoot, mul, square, sub } from "./formula.ts";

/** x̂, and 1/σ with size 1 along the axes. */
export interface Standardized {
  readonly normal: string;
  readonly inverse: string;
}

export function standardize(r: Rule, x: string, axes: readonly number[], epsilon: number): Standardized {
  const centred = sub(r, x, meanOver(r, x, axes));
  const inverse = inverseRoot(r, add(r, meanOver(r, square(r, centred), axes), epsilon));
  return { normal: mul(r, centred, inverse), inverse };
}

/** dx = 1/σ · (g − mean g − x̂ · mean(g · x̂)), g the gradient of x̂. */
export function standardizeGradient(r: Rule, g: string, { normal, inverse }: Standardized, axes: readonly number[]): string {
  const along = mul(r, normal, meanOver(r, mul(r, g, normal), axes));
  return mul(r, inverse, sub(r, sub(r, g, meanOver(r, g, axes)), along));
}

function meanOver(r: Rule, x: string, axes: readonly number[]): string {
  return r.emit("ReduceMean", [x, r.ints(axes)], { keepdims: 1 });
}
