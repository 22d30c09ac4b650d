// Slice, with every combination of steps and out-of-range bounds.

import { fail } from "../errors.ts";
import { none } from "../graph/attributes.ts";
import { allFromFront, known, range } from "./axes.ts";
import { defineOp, type Info, type MaybeInfo } from "./define.ts";
import { elements, tabulate } from "./elements.ts";
import { type AxisSlice, putBack, wholeAxis } from "./slices.ts";

/** Slice: y = elements start, start + step … up to end of some axes; dx puts dy back into zeros. */
export const Slice = defineOp({
  type: "Slice",
  attrs: none,
  shape: (inputs) => [{ dtype: (inputs[0] as Info).dtype, shape: slicesOf(inputs).map(({ count }) => count) }],
  evaluate: (inputs) => {
    const slices = slicesOf(inputs);
    const x = elements(inputs[0]);
    return tabulate(
      slices.map(({ count }) => count),
      (index) => x(index.map((i, axis) => (slices[axis] as AxisSlice).start + i * (slices[axis] as AxisSlice).step)),
    );
  },
  gradient: (r) => [putBack(r, r.dy(), slicesOf(r.infos), r.shape(r.in(0)))],
});

/** One slice for every axis of the first input. */
function slicesOf([x, starts, ends, axes, steps]: readonly MaybeInfo[]): AxisSlice[] {
  const { shape } = x as Info;
  const [from, to] = [known(starts, "starts"), known(ends, "ends")];
  const along = allFromFront(axes ? known(axes, "axes") : range(from.length), shape.length);
  const by = steps ? known(steps, "steps") : from.map(() => 1);
  const slices = shape.map(wholeAxis);
  along.forEach((axis, i) => {
    slices[axis] = sliceAxis(shape[axis] as number, from[i] as number, to[i] as number, by[i] as number);
  });
  return slices;
}

function sliceAxis(size: number, from: number, to: number, step: number): AxisSlice {
  if (step === 0) fail("BAD_MODEL", "a step is 0.");
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, low), high);
  const start = Math.max(clamp(from), 0);
  const end = step < 0 && isWhole(to) ? -1 : clamp(to);
  return { start, step, count: Math.max(Math.ceil((end - start) / step), 0) };
}

/** Whether an end is the largest integer, which stands for "all there is": backwards too, in ONNX Runtime. */
function isWhole(end: number): boolean {
  return end === 2 ** 31 - 1 || end >= 2 ** 63;
}
