// Reductions over axes: sums, means, extrema, products and norms. Their gradients broadcast dy over the axes again.

import { int } from "../graph/attributes.ts";
import { sizeOf, stridesOf } from "../tensor/tensor.ts";
import { allFromFront, known, range } from "./axes.ts";
import { CumSum } from "./cumulative.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { tabulate } from "./elements.ts";
import { toFirstEqual } from "./first-maximum.ts";
import { roundTo } from "./folding.ts";
import { add, cast, compare, div, keepWhere, mul, sign, sub } from "./formula.ts";
import { ArgMax, ArgMin, TopK } from "./ranking.ts";

/** What a reduction's gradient is made of. `y` and `dy` keep the reduced axes with size 1. */
interface Reduced {
  readonly x: string;
  readonly dy: string;
  readonly axes: readonly number[];
  /** Number of elements that each output reduces. */
  readonly count: number;
  y(): string;
}

interface Reduction {
  value(x: readonly number[]): number;
  /** Whether one element alone is changed too (|x|, x²), so that reducing over no axes does something. */
  readonly changesOne?: true;
  /** dx, which may still have to be broadcast to x's shape. */
  gradient(r: Rule, of: Reduced): string;
}

const attrs = { keepdims: int(1), noop_with_empty_axes: int(0) };

function reduction(type: string, { value, changesOne, gradient }: Reduction): AnyOp {
  return defineOp({
    type,
    attrs,
    shape: (inputs, { keepdims, noop_with_empty_axes }) => {
      const { dtype, shape } = inputs[0] as Info;
      const axes = axesOf(inputs, noop_with_empty_axes);
      return [{ dtype, shape: keepdims ? keptShape(shape, axes) : shape.filter((_, axis) => !axes.includes(axis)) }];
    },
    evaluate: (inputs, { noop_with_empty_axes }) => {
      const x = inputs[0] as Info;
      return reduceElements(x, axesOf(inputs, noop_with_empty_axes)).map((group) => roundTo(x.dtype, value(group)));
    },
    gradient: (r) => {
      const axes = axesOf(r.infos, r.attrs.noop_with_empty_axes);
      if (axes.length === 0 && !changesOne) return [r.dy()];
      const shape = r.shape(r.in(0));
      const kept = keptShape(shape, axes);
      const dx = gradient(r, {
        x: r.in(0),
        dy: r.reshape(r.dy(), kept),
        axes,
        count: sizeOf(shape) / sizeOf(kept),
        y: () => r.reshape(r.out(0), kept),
      });
      return [sizeOf(r.shape(dx)) === sizeOf(shape) ? dx : r.emit("Expand", [dx, r.ints(shape)])];
    },
  });
}

/** The axes to reduce: all of them if none is named, unless that is to mean "none". */
function axesOf([x, axes]: readonly MaybeInfo[], noop: number): number[] {
  const rank = (x as Info).shape.length;
  const named = axes ? known(axes, "axes") : [];
  if (named.length > 0) return allFromFront(named, rank);
  return noop ? [] : range(rank);
}

function keptShape(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
}

/** The elements that each output reduces, outputs in row-major order. */
function reduceElements({ shape, value = [] }: Info, axes: readonly number[]): number[][] {
  const kept = keptShape(shape, axes);
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  const places = tabulate(shape, (index) => index.reduce((place, i, axis) => place + i * (strides[axis] as number), 0));
  places.forEach((place, i) => {
    groups[place]?.push(value[i] as number);
  });
  return groups;
}

function sum(x: readonly number[]): number {
  return x.reduce((total, value) => total + value, 0);
}

/** y = Σ x; dx = dy. */
const ReduceSum = reduction("ReduceSum", { value: sum, gradient: (_, { dy }) => dy });

/** y = Σ x / n; dx = dy / n. */
const ReduceMean = reduction("ReduceMean", { value: (x) => sum(x) / x.length, gradient: (r, { dy, count }) => div(r, dy, count) });

/** y = max x; dx = dy at the first maximum. */
const ReduceMax = reduction("ReduceMax", { value: (x) => Math.max(...x), gradient: toExtremum });

/** y = min x; dx = dy at the first minimum. */
const ReduceMin = reduction("ReduceMin", { value: (x) => Math.min(...x), gradient: toExtremum });

function toExtremum(r: Rule, { x, y, dy, axes }: Reduced): string {
  return toFirstEqual(r, x, y(), dy, axes);
}

/** y = Π x; dx = dy · the product of the others: y / x, or without division where an x is 0. */
const ReduceProd = reduction("ReduceProd", {
  value: (x) => x.reduce((product, value) => product * value, 1),
  gradient: (r, { x, dy, axes }) => {
    const zero = compare(r, "Equal", x, 0);
    const zeros = r.emit("ReduceSum", [cast(r, zero, r.dtype(x)), r.ints(axes)], { keepdims: 1 });
    const nonzero = add(r, x, cast(r, zero, r.dtype(x)));
    const product = r.emit("ReduceProd", [nonzero, r.ints(axes)], { keepdims: 1 });
    // The product of the others is that of all nonzero ones if no other is 0.
    const others = sub(r, zeros, cast(r, zero, r.dtype(x)));
    return keepWhere(r, compare(r, "Equal", others, 0), div(r, mul(r, dy, product), nonzero));
  },
});

/** y = Σ |x|; dx = dy · sign x. */
const ReduceL1 = reduction("ReduceL1", {
  value: (x) => sum(x.map(Math.abs)),
  changesOne: true,
  gradient: (r, { x, dy }) => mul(r, dy, sign(r, x)),
});

/** y = √Σ x²; dx = dy · x / y, 0 where y = 0. */
const ReduceL2 = reduction("ReduceL2", {
  value: (x) => Math.hypot(...x),
  changesOne: true,
  gradient: (r, { x, y, dy }) => {
    // At 0, where x is 0 too, any other divisor will do.
    const divisor = add(r, y(), cast(r, compare(r, "Equal", y(), 0), r.dtype(x)));
    return mul(r, x, div(r, dy, divisor));
  },
});

/** y = Σ x²; dx = 2 dy · x. */
const ReduceSumSquare = reduction("ReduceSumSquare", {
  value: (x) => sum(x.map((v) => v * v)),
  changesOne: true,
  gradient: (r, { x, dy }) => mul(r, mul(r, dy, 2), x),
});

/** y = ln Σ x; dx = dy / eʸ. */
const ReduceLogSum = reduction("ReduceLogSum", {
  value: (x) => Math.log(sum(x)),
  changesOne: true,
  gradient: (r, { y, dy }) => div(r, dy, r.emit("Exp", [y()])),
});

/** y = ln Σ eˣ; dx = dy · eˣ⁻ʸ. */
const ReduceLogSumExp = reduction("ReduceLogSumExp", {
  value: (x) => Math.log(sum(x.map(Math.exp))),
  gradient: (r, { x, y, dy }) => mul(r, dy, r.emit("Exp", [sub(r, x, y())])),
});

export const reductions: readonly AnyOp[] = [
  ReduceSum,
  ReduceMean,
  ReduceMax,
  ReduceMin,
  ReduceProd,
  ReduceL1,
  ReduceL2,
  ReduceSumSquare,
  ReduceLogSum,
  ReduceLogSumExp,
  ArgMax,
  ArgMin,
  TopK,
  CumSum,
];
