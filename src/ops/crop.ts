// Growing and cutting tensors at their borders, as adjoints of one another.

import { range } from "./axes.ts";
import type { Rule } from "./define.ts";
import { at } from "./windows.ts";

/** `x` with `begin[i]` and `end[i]` elements more before and behind axis i, zeros or `fill`; negative numbers cut off elements. */
export function cropOrPad(r: Rule, x: string, begin: readonly number[], end: readonly number[], fill?: number): string {
  const cut = crop(r, x, begin, end);
  const pads = [...begin, ...end].map((n) => Math.max(n, 0));
  return pads.every((n) => n === 0) ? cut : r.emit("Pad", fill === undefined ? [cut, r.ints(pads)] : [cut, r.ints(pads), r.scalar(fill, x)]);
}

/** Cuts off what negative numbers ask for. */
function crop(r: Rule, x: string, begin: readonly number[], end: readonly number[]): string {
  const axes = range(begin.length).filter((i) => at(begin, i) < 0 || at(end, i) < 0);
  if (axes.length === 0) return x;
  const starts = axes.map((i) => Math.max(-at(begin, i), 0));
  const ends = axes.map((i) => at(r.shape(x), i) - Math.max(-at(end, i), 0));
  return r.emit("Slice", [x, r.ints(starts), r.ints(ends), r.ints(axes)]);
}
