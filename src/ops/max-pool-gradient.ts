// The gradient of MaxPool: dy goes to the first maximum of its window. Three forms, by windows and kernels.

import { sizeOf } from "../tensor/tensor.ts";
import { range } from "./axes.ts";
import { inputGradient } from "./convolution-gradient.ts";
import { cropOrPad } from "./crop.ts";
import type { Rule } from "./define.ts";
import { tabulate } from "./elements.ts";
import { compare, keepWhere, sub } from "./formula.ts";
import { scatterAdd } from "./scatter.ts";
import { areTiles, cutToInput, repeatTiles } from "./window-sum.ts";
import { at, covered, overhang, type Windows } from "./windows.ts";

/** dx of a MaxPool. Windows side by side are compared all at once; overlapping ones through Indices, or offset by offset. */
export function maxPoolGradient(r: Rule, windows: Windows): string {
  if (areTiles(windows)) return compareTiles(r, windows);
  return r.features.maxPoolIndices ? scatterToIndices(r) : compareOffsets(r, windows);
}

/**
 * Windows side by side: an element takes its window's dy if it equals the maximum and no element before it does. Ranks
 * that fall within a window tell the first of equals. On the CPU faster than Indices, which keep MaxPool off its fast kernel.
 */
function compareTiles(r: Rule, windows: Windows): string {
  const { kernel } = windows;
  const equal = compare(r, "Equal", reachedBy(r, r.in(0), windows), repeatTiles(r, r.out(0), kernel));
  const ranks = keepWhere(r, equal, rankTiles(r, windows));
  const best = repeatTiles(r, r.emit("MaxPool", [ranks], { kernel_shape: kernel, strides: kernel }), kernel);
  return cutToInput(r, keepWhere(r, compare(r, "Equal", ranks, best), repeatTiles(r, r.dy(), kernel)), windows);
}

/** x exactly as far as the windows reach; −∞ beyond its borders. */
function reachedBy(r: Rule, x: string, windows: Windows): string {
  const [begin, end] = overhang(windows);
  return cropOrPad(r, x, [0, 0, ...begin], [0, 0, ...end], Number.NEGATIVE_INFINITY);
}

/** k … 1 in every window, row-major: `[1,1,covered]`, laid out once at load. */
function rankTiles(r: Rule, { kernel, output }: Windows): string {
  const k = sizeOf(kernel);
  const ranks = r.constant(
    range(k).map((i) => k - i),
    [1, 1, ...kernel],
  );
  return r.emit("Tile", [ranks, r.ints([1, 1, ...output])]);
}

/** dx through the forward node's Indices, which count over the whole of x. Overlapping windows add up. */
function scatterToIndices(r: Rule): string {
  const shape = r.shape(r.in(0));
  const [indices, dy] = [r.out(1), r.dy()].map((name) => r.reshape(name, [sizeOf(r.shape(name))])) as [string, string];
  return r.reshape(scatterAdd(r, [sizeOf(shape)], indices, dy, 0), shape);
}

/** Kernel offset by kernel offset: who equals the maximum first takes the rest of dy. The adjoint of a convolution puts all back. */
function compareOffsets(r: Rule, windows: Windows): string {
  const [n, c] = r.shape(r.in(0)) as [number, number];
  const x = reachedBy(r, r.in(0), windows);
  const offsets = offsetsOf(windows.kernel);
  let rest = r.dy();
  const shares = offsets.map((offset) => {
    const share = keepWhere(r, compare(r, "Equal", elementsAt(r, x, offset, windows), r.out(0)), rest);
    rest = sub(r, rest, share);
    return r.reshape(share, [n * c, 1, ...windows.output]);
  });
  const none = windows.begin.map(() => 0);
  const reached = { ...windows, input: covered(windows), begin: none, end: none, group: 1 };
  const spread = inputGradient(r, r.emit("Concat", shares, { axis: 1 }), oneHot(r, windows.kernel), reached);
  return cutToInput(r, r.reshape(spread, [n, c, ...reached.input]), windows);
}

/** All places in a kernel, row-major. */
function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((all, k) => all.flatMap((offset) => range(k).map((i) => [...offset, i])), [[]]);
}

/** The element at this offset of every window: `[N,C,output]`. */
function elementsAt(r: Rule, x: string, offset: readonly number[], { strides, dilations, output }: Windows): string {
  const starts = offset.map((k, i) => k * at(dilations, i));
  const ends = starts.map((start, i) => start + at(strides, i) * (at(output, i) - 1) + 1);
  return r.emit("Slice", [x, r.ints(starts), r.ints(ends), r.ints(strides.map((_, i) => i + 2)), r.ints(strides)]);
}

/** A kernel `[K,1,kernel]` whose channel k is 1 at place k. */
function oneHot(r: Rule, kernel: readonly number[]): string {
  const k = sizeOf(kernel);
  return r.constant(
    tabulate([k, k], ([row, column]) => (row === column ? 1 : 0)),
    [k, 1, ...kernel],
  );
}
