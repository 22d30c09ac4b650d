// Pools: over sliding windows and over all of space.

import { int, ints, none, string } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { type AnyOp, defineOp, type Info } from "./define.ts";
import { scatterToIndices } from "./max-pool-gradient.ts";
import { spreadOverWindows } from "./window-sum.ts";
import { placeWindows, type WindowAttrs, type Windows } from "./windows.ts";

/** MaxPool: y = the maximum of every window; dx takes dy at the first maximum. */
const MaxPool = defineOp({
  type: "MaxPool",
  attrs: {
    auto_pad: string("NOTSET"),
    ceil_mode: int(0),
    dilations: ints(),
    kernel_shape: ints([]),
    pads: ints(),
    storage_order: int(0),
    strides: ints(),
  },
  shape: ([x], attrs, outputs) => {
    const data = x as Info;
    const shape = pooled(data, poolWindows(data.shape, attrs));
    return [
      { dtype: data.dtype, shape },
      { dtype: "int64" as const, shape },
    ].slice(0, Math.max(outputs, 1));
  },
  gradient: (r) => [scatterToIndices(r)],
});

/** AveragePool: y = the mean of every window; dx gathers dy / count from the windows that cover it. */
const AveragePool = defineOp({
  type: "AveragePool",
  attrs: {
    auto_pad: string("NOTSET"),
    ceil_mode: int(0),
    count_include_pad: int(0),
    dilations: ints(),
    kernel_shape: ints([]),
    pads: ints(),
    strides: ints(),
  },
  shape: ([x], attrs) => {
    const data = x as Info;
    return [{ dtype: data.dtype, shape: pooled(data, poolWindows(data.shape, attrs)) }];
  },
  gradient: (r) => {
    const windows = poolWindows(r.shape(r.in(0)), r.attrs);
    const shares = r.emit("Mul", [r.dy(), r.constant(reciprocalCounts(windows, r.attrs.count_include_pad === 1), [1, 1, ...windows.output])]);
    return [spreadOverWindows(r, shares, windows)];
  },
});

/** GlobalAveragePool: y = mean of x over space; dx = dy / size everywhere. */
const GlobalAveragePool = defineOp({
  type: "GlobalAveragePool",
  attrs: none,
  shape: ([x]) => [overSpace(x as Info)],
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    return [r.emit("Expand", [r.emit("Div", [r.dy(), r.scalar(sizeOf(shape.slice(2)))]), r.ints(shape)])];
  },
});

function poolWindows(x: readonly number[], attrs: WindowAttrs & { readonly kernel_shape: readonly number[] }): Windows {
  return placeWindows(x.slice(2), attrs.kernel_shape, attrs);
}

function pooled(x: Info, windows: Windows): number[] {
  return [...x.shape.slice(0, 2), ...windows.output];
}

function overSpace(x: Info): Info {
  return { dtype: x.dtype, shape: x.shape.map((d, i) => (i < 2 ? d : 1)) };
}

/** 1 / (elements that each window averages), row-major over the windows. */
function reciprocalCounts(windows: Windows, includePad: boolean): number[] {
  const perAxis = windows.input.map((_, axis) => countsAlong(windows, axis, includePad));
  return perAxis.reduce<number[]>((all, counts) => all.flatMap((a) => counts.map((b) => a * b)), [1]).map((n) => 1 / n);
}

function countsAlong(w: Windows, axis: number, includePad: boolean): number[] {
  const [size, kernel, stride, dilation, begin, end, output] = [w.input, w.kernel, w.strides, w.dilations, w.begin, w.end, w.output].map(
    (list) => list[axis] as number,
  ) as [number, number, number, number, number, number, number];
  const [low, high] = includePad ? [-begin, size + end] : [0, size];
  return Array.from({ length: output }, (_, o) => {
    const start = o * stride - begin;
    return Array.from({ length: kernel }, (_, k) => start + k * dilation).filter((i) => i >= low && i < high).length;
  });
}

export const poolings: readonly AnyOp[] = [MaxPool, AveragePool, GlobalAveragePool];
