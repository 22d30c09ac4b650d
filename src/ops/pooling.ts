// Pools: over sliding windows and over all of space.

import { fail } from "../errors.ts";
import { int, ints, none, string } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { range } from "./axes.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { checkPoolPads, explicitSame, withoutCeil } from "./explicit-windows.ts";
import { toFirstEqual } from "./first-maximum.ts";
import { add, cast, compare, div, mul, sign } from "./formula.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";
import { MaxUnpool } from "./max-unpool.ts";
import { checkSpace } from "./space.ts";
import { spreadOverWindows } from "./window-sum.ts";
import { placeWindows, type WindowAttrs, type Windows } from "./windows.ts";

const windowAttrs = {
  auto_pad: string("NOTSET"),
  ceil_mode: int(0),
  dilations: ints(),
  kernel_shape: ints([]),
  pads: ints(),
  strides: ints(),
};

/** MaxPool: y = the maximum of every window; dx takes dy at the first maximum. */
const MaxPool = defineOp({
  type: "MaxPool",
  attrs: { ...windowAttrs, storage_order: int(0) },
  shape: ([x], attrs, outputs) => {
    const data = x as Info;
    if (attrs.storage_order !== 0 && outputs > 1) failColumnMajor();
    const shape = pooled(data, poolWindows(data.shape, attrs));
    return [
      { dtype: data.dtype, shape },
      { dtype: "int64" as const, shape },
    ].slice(0, Math.max(outputs, 1));
  },
  settle: ([x], attrs, outputs) => {
    const settled = settlePool(x, attrs, false);
    return attrs.storage_order !== 0 && outputs < 2 ? { ...settled, storage_order: 0 } : settled;
  },
  gradient: (r) => [maxPoolGradient(r, poolWindows(r.shape(r.in(0)), r.attrs))],
  note: "Indices in row-major order only.",
});

/** AveragePool: y = the mean of every window; dx gathers dy / count from the windows that cover it. */
const AveragePool = defineOp({
  type: "AveragePool",
  attrs: { ...windowAttrs, count_include_pad: int(0) },
  shape: ([x], attrs) => [{ dtype: (x as Info).dtype, shape: pooled(x as Info, poolWindows((x as Info).shape, attrs)) }],
  settle: ([x], attrs) => settlePool(x, attrs, attrs.count_include_pad === 1),
  gradient: (r) => {
    const windows = poolWindows(r.shape(r.in(0)), r.attrs);
    const shares = mul(r, r.dy(), r.constant(reciprocalCounts(windows, r.attrs.count_include_pad === 1), [1, 1, ...windows.output]));
    return [spreadOverWindows(r, shares, windows)];
  },
});

/** LpPool: y = (Σ |x|ᵖ)^(1/p) over every window; dx = sign x · |x|ᵖ⁻¹ · Σ dy · y¹⁻ᵖ over the windows that cover it. */
const LpPool = defineOp({
  type: "LpPool",
  attrs: { ...windowAttrs, p: int(2) },
  shape: ([x], attrs) => [{ dtype: (x as Info).dtype, shape: pooled(x as Info, poolWindows((x as Info).shape, attrs)) }],
  settle: ([x], attrs) => settlePool(x, attrs, false),
  gradient: (r) => {
    const shares = div(r, r.dy(), normPower(r, r.attrs.p - 1));
    return [mul(r, signedPower(r, r.attrs.p - 1), spreadOverWindows(r, shares, poolWindows(r.shape(r.in(0)), r.attrs)))];
  },
});

/** sign x · |x|ⁿ */
function signedPower(r: Rule, n: number): string {
  const x = r.in(0);
  if (n === 1) return x;
  return n === 0 ? sign(r, x) : mul(r, sign(r, x), r.emit("Pow", [r.emit("Abs", [x]), r.scalar(n)]));
}

/** yⁿ, and 1 where y is 0: there x is 0 too, and any divisor will do. */
function normPower(r: Rule, n: number): string {
  const y = r.out(0);
  const divisor = add(r, y, cast(r, compare(r, "Equal", y, 0), r.dtype(y)));
  return n === 1 ? divisor : r.emit("Pow", [divisor, r.scalar(n)]);
}

/** GlobalAveragePool: y = mean of x over space; dx = dy / size everywhere. */
const GlobalAveragePool = defineOp({
  type: "GlobalAveragePool",
  attrs: none,
  shape: ([x]) => [overSpace(x as Info)],
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    return [r.emit("Expand", [div(r, r.dy(), sizeOf(shape.slice(2))), r.ints(shape)])];
  },
});

/** GlobalMaxPool: y = max of x over space; dx takes dy at the first maximum. */
const GlobalMaxPool = defineOp({
  type: "GlobalMaxPool",
  attrs: none,
  shape: ([x]) => [overSpace(x as Info)],
  gradient: (r) => [toFirstEqual(r, r.in(0), r.out(0), r.dy(), range(r.shape(r.in(0)).length).slice(2))],
});

/** GlobalLpPool: y = (Σ |x|ᵖ)^(1/p) over space; dx = sign x · |x|ᵖ⁻¹ · dy · y¹⁻ᵖ. */
const GlobalLpPool = defineOp({
  type: "GlobalLpPool",
  attrs: { p: int(2) },
  shape: ([x]) => [overSpace(x as Info)],
  gradient: (r) => [mul(r, signedPower(r, r.attrs.p - 1), div(r, r.dy(), normPower(r, r.attrs.p - 1)))],
});

interface PoolAttrs extends WindowAttrs {
  readonly kernel_shape: readonly number[];
}

function poolWindows(x: readonly number[], attrs: PoolAttrs): Windows {
  checkSpace(x, 1, 3);
  const windows = placeWindows(x.slice(2), attrs.kernel_shape, attrs);
  checkPoolPads(windows);
  return windows;
}

function settlePool(x: MaybeInfo, attrs: PoolAttrs, countsPads: boolean): Partial<WindowAttrs> | undefined {
  const windows = poolWindows((x as Info).shape, attrs);
  return withoutCeil(windows, attrs, countsPads) ?? explicitSame(windows, attrs);
}

function failColumnMajor(): never {
  return fail("UNSUPPORTED_OPERATOR", "indices in column-major order (storage_order 1) are not supported.", {
    hint: "Export the model with storage_order 0.",
  });
}

function pooled(x: Info, windows: Windows): number[] {
  return [...x.shape.slice(0, 2), ...windows.output];
}

function overSpace(x: Info): Info {
  checkSpace(x.shape, 1, 3);
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

export const poolings: readonly AnyOp[] = [MaxPool, AveragePool, LpPool, GlobalAveragePool, GlobalMaxPool, GlobalLpPool, MaxUnpool];
