// The adjoint of picking elements along an axis at known positions: a few runs of evenly spaced positions, put back and added.

import type { Rule } from "./define.ts";
import { addAll } from "./formula.ts";
import { type AxisSlice, putBack, wholeAxis } from "./slices.ts";

/** Picks `first … first + count − 1`, which take positions `start`, `start + step` … of the source. */
interface Run extends AxisSlice {
  readonly first: number;
}

/** Splits positions into runs, greedily. Negative positions stand for elements that come from nowhere. */
export function findRuns(positions: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let first = 0; first < positions.length; ) {
    const start = positions[first] as number;
    const step = (positions[first + 1] ?? -1) < 0 ? 1 : (positions[first + 1] as number) - start;
    let count = 1;
    while (positions[first + count] === start + count * step) count++;
    if (start >= 0) runs.push({ first, start, step, count });
    first += start < 0 ? 1 : count;
  }
  return runs;
}

/** dx of `shape` from dy, where y = x at these positions along `axis`: every element of x gets the sum of its picks' dy. */
export function addRuns(r: Rule, dy: string, axis: number, positions: readonly number[], shape: readonly number[]): string {
  const parts = findRuns(positions).map((run) => {
    const slices = shape.map((d, i) => (i === axis ? (run.step === 0 ? { ...run, step: 1, count: 1 } : run) : wholeAxis(d)));
    return putBack(r, pickRun(r, dy, axis, run), slices, shape);
  });
  if (parts.length === 0) return r.emit("Expand", [r.scalar(0, dy), r.ints(shape)]);
  return addAll(r, parts);
}

/** The run's share of dy; summed where all of it goes to one position. */
function pickRun(r: Rule, dy: string, axis: number, { first, step, count }: Run): string {
  const whole = count === r.shape(dy)[axis];
  const share = whole ? dy : r.emit("Slice", [dy, r.ints([first]), r.ints([first + count]), r.ints([axis])]);
  return step === 0 ? r.emit("ReduceSum", [share, r.ints([axis])], { keepdims: 1 }) : share;
}
