// Strided slices of one tensor, and their adjoint: elements put back into zeros.

import { sizeOf } from "../tensor/tensor.ts";
import { cropOrPad } from "./crop.ts";
import type { Rule } from "./define.ts";

/** Elements `start`, `start + step` … of an axis, `count` of them. */
export interface AxisSlice {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The slice that keeps a whole axis. */
export function wholeAxis(size: number): AxisSlice {
  return { start: 0, step: 1, count: size };
}

/** The slices of dy, one an axis, put back where they came from in zeros of `shape`. */
export function putBack(r: Rule, dy: string, slices: readonly AxisSlice[], shape: readonly number[]): string {
  if (sizeOf(r.shape(dy)) === 0) return r.emit("Expand", [r.scalar(0, dy), r.ints(shape)]);
  const ascending = slices.map((s) => (s.step < 0 ? { start: s.start + (s.count - 1) * s.step, step: -s.step, count: s.count } : s));
  const forward = reverse(
    r,
    dy,
    slices.flatMap((s, axis) => (s.step < 0 && s.count > 1 ? [axis] : [])),
  );
  const spread = ascending.reduce((x, { step, count }, axis) => (step > 1 && count > 1 ? spreadAxis(r, x, axis, step) : x), forward);
  const reached = r.shape(spread);
  return cropOrPad(
    r,
    spread,
    ascending.map(({ start }) => start),
    ascending.map(({ start }, axis) => (shape[axis] as number) - start - (reached[axis] as number)),
  );
}

/** `x` backwards along these axes. */
export function reverse(r: Rule, x: string, axes: readonly number[]): string {
  if (axes.length === 0) return x;
  const all = (n: number) => r.ints(axes.map(() => n));
  return r.emit("Slice", [x, all(-1), all(-(2 ** 31)), r.ints(axes), all(-1)]);
}

/** `step − 1` zeros between the elements of an axis, and behind the last. */
function spreadAxis(r: Rule, x: string, axis: number, step: number): string {
  const shape = r.shape(x);
  const apart = r.reshape(x, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const zeros = [...shape, 0].map(() => 0);
  const padded = cropOrPad(
    r,
    apart,
    zeros,
    zeros.map((_, i) => (i === axis + 1 ? step - 1 : 0)),
  );
  return r.reshape(
    padded,
    shape.map((d, i) => (i === axis ? d * step : d)),
  );
}
