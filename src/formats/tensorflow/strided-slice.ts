// StridedSlice's five bit masks (numpy's x[2:, ::-1, 0, None, ...]) as plain ranges, one an axis.

import type { NodeWriter } from "./node-writer.ts";

/** A range of each of the input's first axes, and what happens to the axes then. */
export interface Strides {
  readonly begin: number[];
  readonly end: number[];
  readonly steps: number[];
  /** Axes of the input that go, because one of their elements is taken. */
  readonly dropped: number[];
  /** Where axes of size 1 come into the result, ascending. */
  readonly added: number[];
}

/** Beyond every size: ONNX stops at the last element, or before the first. */
export const FAR = 2 ** 31 - 1;

/** The ranges that the node's inputs and masks stand for. */
export function readStrides(w: NodeWriter, rank: number): Strides {
  const [begin, end, steps] = [w.constant(1), w.constant(2), w.constant(3)];
  const has = (mask: string, i: number) => ((w.int(mask) >> i) & 1) === 1;
  const newAxes = begin.filter((_, i) => has("new_axis_mask", i)).length;
  const ranges: Strides = { begin: [], end: [], steps: [], dropped: [], added: [] };
  const add = (from: number, to: number, step: number) => {
    ranges.begin.push(from);
    ranges.end.push(to);
    ranges.steps.push(step);
  };
  begin.forEach((from, i) => {
    const step = steps[i] as number;
    const axis = ranges.begin.length;
    if (has("ellipsis_mask", i)) {
      for (let left = rank - (begin.length - newAxes - 1); left > 0; left--) add(0, FAR, 1);
    } else if (has("new_axis_mask", i)) {
      ranges.added.push(axis - ranges.dropped.length + ranges.added.length);
    } else if (has("shrink_axis_mask", i)) {
      add(from, from === -1 ? FAR : from + 1, 1);
      ranges.dropped.push(axis);
    } else {
      const [first, last] = step > 0 ? [0, FAR] : [FAR, -FAR];
      add(has("begin_mask", i) ? first : from, has("end_mask", i) ? last : (end[i] as number), step);
    }
  });
  return ranges;
}
