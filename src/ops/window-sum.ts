// The adjoint of summing over sliding windows: every element gets the sum over the windows that cover it.

import { sizeOf } from "../tensor/tensor.ts";
import { inputGradient } from "./convolution-gradient.ts";
import { cropOrPad } from "./crop.ts";
import type { Rule } from "./define.ts";
import { mul } from "./formula.ts";
import { at, overhang, type Windows } from "./windows.ts";

/** dx `[N,C,input]` from s `[N,C,output]`: every element gets the sum of s over the windows that cover it. */
export function spreadOverWindows(r: Rule, s: string, windows: Windows): string {
  if (areTiles(windows)) return cutToInput(r, repeatTiles(r, s, windows.kernel), windows);
  if (windows.strides.every((n) => n === 1) && windows.dilations.every((n) => n === 1)) return sumOverNeighbours(r, s, windows);
  return depthwiseAdjoint(r, s, windows);
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

/** At stride 1 an element is covered by the windows around it: the mean over them, times their number. */
function sumOverNeighbours(r: Rule, s: string, { kernel, begin, end }: Windows): string {
  const pads = [begin, end].flatMap((side) => side.map((n, i) => at(kernel, i) - 1 - n));
  return mul(r, r.emit("AveragePool", [s], { count_include_pad: 1, kernel_shape: kernel, pads }), sizeOf(kernel));
}

function depthwiseAdjoint(r: Rule, s: string, windows: Windows): string {
  const group = r.shape(s)[1] as number;
  const ones = r.emit("Expand", [r.scalar(1), r.ints([group, 1, ...windows.kernel])]);
  return inputGradient(r, s, ones, { ...windows, group });
}
