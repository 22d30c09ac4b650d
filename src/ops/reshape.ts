// Operators that keep the elements in their order and change only the shape. All their gradients are dy in x's shape.

import { fail } from "../errors.ts";
import { int, none } from "../graph/attributes.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import { allFromFront, fromFront, known } from "./axes.ts";
import { type AnyOp, defineOp, type GradientRule, type Info, type MaybeInfo } from "./define.ts";

const reshapeBack: GradientRule = (r) => [r.reshape(r.dy(), r.shape(r.in(0)))];

function sameElements([x]: readonly MaybeInfo[]): readonly number[] | undefined {
  return x?.value;
}

/** Reshape: y = x under a shape in which 0 keeps a size (unless allowzero) and −1 takes what is left. */
const Reshape = defineOp({
  type: "Reshape",
  attrs: { allowzero: int(0) },
  shape: ([x, shape], { allowzero }) => [{ dtype: (x as Info).dtype, shape: newShape((x as Info).shape, known(shape, "sizes"), allowzero === 1) }],
  evaluate: sameElements,
  gradient: reshapeBack,
});

function newShape(from: readonly number[], wanted: readonly number[], allowZero: boolean): number[] {
  const sizes = wanted.map((d, i) => (d === 0 && !allowZero ? (from[i] ?? -2) : d));
  const rest = sizes.reduce((n, d) => (d === -1 ? n : n * d), 1);
  const shape = sizes.map((d) => (d === -1 ? (rest === 0 ? 0 : sizeOf(from) / rest) : d));
  if (sizes.filter((d) => d === -1).length > 1 || shape.some((d) => d < 0 || !Number.isInteger(d)) || sizeOf(shape) !== sizeOf(from)) {
    fail("SHAPE_MISMATCH", `${sizeOf(from)} elements do not fit the shape ${formatShape(wanted)}.`, { details: { from, wanted } });
  }
  return shape;
}

/** Flatten: y = x as a matrix, split before `axis`. */
const Flatten = defineOp({
  type: "Flatten",
  attrs: { axis: int(1) },
  shape: ([x], { axis }) => {
    const { dtype, shape } = x as Info;
    const split = axis === shape.length ? axis : fromFront(axis, shape.length);
    return [{ dtype, shape: [sizeOf(shape.slice(0, split)), sizeOf(shape.slice(split))] }];
  },
  evaluate: sameElements,
  gradient: reshapeBack,
});

/** Squeeze: y = x without these axes of size 1; without all of them if none is named. */
const Squeeze = defineOp({
  type: "Squeeze",
  attrs: none,
  shape: ([x, axes]) => {
    const { dtype, shape } = x as Info;
    const away = axes ? allFromFront(known(axes, "axes"), shape.length) : shape.flatMap((d, i) => (d === 1 ? [i] : []));
    const long = away.find((axis) => shape[axis] !== 1);
    if (long !== undefined) fail("SHAPE_MISMATCH", `axis ${long} has size ${shape[long]}, not 1.`, { details: { shape, axis: long } });
    return [{ dtype, shape: shape.filter((_, i) => !away.includes(i)) }];
  },
  evaluate: sameElements,
  gradient: reshapeBack,
});

/** Unsqueeze: y = x with new axes of size 1. */
const Unsqueeze = defineOp({
  type: "Unsqueeze",
  attrs: none,
  shape: ([x, axes]) => {
    const { dtype, shape } = x as Info;
    const added = known(axes, "axes");
    const rank = shape.length + added.length;
    const ones = new Set(allFromFront(added, rank));
    if (ones.size !== added.length) fail("BAD_MODEL", `the axes ${formatShape(added)} name one twice.`, { details: { axes: added } });
    const rest = shape.values();
    return [{ dtype, shape: Array.from({ length: rank }, (_, i) => (ones.has(i) ? 1 : (rest.next().value as number))) }];
  },
  evaluate: sameElements,
  gradient: reshapeBack,
});

export const reshapes: readonly AnyOp[] = [Reshape, Flatten, Squeeze, Unsqueeze];
