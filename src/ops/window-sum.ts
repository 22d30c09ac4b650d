// The adjoint of summing over sliding windows: every element gets the sum over the windows that cover it.

import { sizeOf } from "../tensor/tensor.ts";
import { cropOrPad } from "./crop.ts";
import type { Rule } from "./define.ts";
import { mul } from "./formula.ts";
import { at, covered, type Windows } from "./windows.ts";

/** dx `[N,C,input]` from s `[N,C,output]`: every element gets the sum of s over the windows that cover it. */
export function spreadOverWindows(r: Rule, s: string, windows: Windows): string {
  if (areTiles(windows)) return cutToInput(r, repeatTiles(r, s, windows.kernel), windows);
  if (windows.strides.every((n) => n === 1) && windows.dilations.every((n) => n === 1)) return sumOverNeighbours(r, s, windows);
  return depthwiseTransposed(r, s, windows);
}

/** Whether the windows lie side by side, without gaps or overlaps. */
export function areTiles({ kernel, strides, dilations }: Windows): boolean {
  return kernel.every((k, i) => k === strides[i] && (k === 1 || dilations[i] === 1));
}

/** Every element of s repeated over its tile. */
export function repeatTiles(r: Rule, s: string, kernel: readonly number[]): string {
  const scales = r.constant([1, 1, ...kernel], [kernel.length + 2], "float32");
  return r.emit("Resize", [s, "", scales], { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" });
}

/** From all that the windows cover to the input alone: what they cover beside it is cut off, what they leave out is 0. */
export function cutToInput(r: Rule, x: string, windows: Windows): string {
  const [begin, end] = overhang(windows);
  const cut = (amounts: readonly number[]) => [0, 0, ...amounts.map((n) => -n)];
  return cropOrPad(r, x, cut(begin), cut(end));
}

/** How far the windows reach beyond the input, before and behind; negative where they leave some of it out. */
export function overhang(windows: Windows): [begin: readonly number[], end: readonly number[]] {
  return [windows.begin, covered(windows).map((n, i) => n - at(windows.begin, i) - at(windows.input, i))];
}

/** At stride 1 an element is covered by the windows around it: the mean over them, times their number. */
function sumOverNeighbours(r: Rule, s: string, { kernel, begin, end }: Windows): string {
  const pads = [begin, end].flatMap((side) => side.map((n, i) => at(kernel, i) - 1 - n));
  return mul(r, r.emit("AveragePool", [s], { count_include_pad: 1, kernel_shape: kernel, pads }), sizeOf(kernel));
}

function depthwiseTransposed(r: Rule, s: string, windows: Windows): string {
  const channels = r.shape(s)[1] as number;
  const ones = r.emit("Expand", [r.scalar(1), r.ints([channels, 1, ...windows.kernel])]);
  const [begin, end] = overhang(windows);
  return r.emit("ConvTranspose", [s, ones], {
    dilations: windows.dilations,
    group: channels,
    output_padding: end.map((n) => Math.max(-n, 0)),
    pads: [...begin, ...end.map((n) => Math.max(n, 0))],
    strides: windows.strides,
  });
}
