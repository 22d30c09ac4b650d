// Operators that read or write elements at positions.

import { int, none } from "../graph/attributes.ts";
import { sizeOf, stridesOf } from "../tensor/tensor.ts";
import { fromFront, known, range } from "./axes.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo } from "./define.ts";
import { Gather, GatherElements, GatherND } from "./gather.ts";
import { addRuns } from "./runs.ts";
import { ScatterElements, ScatterND } from "./scatter-ops.ts";

/** OneHot: y = `on` at every index along a new axis, `off` elsewhere. */
const OneHot = defineOp({
  type: "OneHot",
  attrs: { axis: int(-1) },
  shape: ([indices, depth, values], { axis }) => {
    const { shape } = indices as Info;
    const along = fromFront(axis, shape.length + 1);
    return [{ dtype: (values as Info).dtype, shape: [...shape.slice(0, along), known(depth, "depth")[0] as number, ...shape.slice(along)] }];
  },
  gradient: "zero",
  note: "No gradient to the values.",
});

/** NonZero: where a constant is not 0, one row of indices an axis. */
const NonZero = defineOp({
  type: "NonZero",
  attrs: none,
  shape: ([x]) => [{ dtype: "int64", shape: [(x as Info).shape.length, nonzeroPositions(x).length] }],
  evaluate: ([x]) => {
    const { shape } = x as Info;
    const strides = stridesOf(shape);
    return shape.flatMap((d, axis) => nonzeroPositions(x).map((position) => Math.floor(position / (strides[axis] as number)) % d));
  },
  gradient: "zero",
  note: "Of constants only.",
});

/** Compress: y = the slices of x along an axis for which a constant condition holds; of all elements if no axis is named. */
const Compress = defineOp({
  type: "Compress",
  attrs: { axis: int() },
  shape: ([x, condition], { axis }) => {
    const { dtype, shape } = x as Info;
    const count = nonzeroPositions(condition).length;
    if (axis === undefined) return [{ dtype, shape: [count] }];
    const along = fromFront(axis, shape.length);
    return [{ dtype, shape: shape.map((d, i) => (i === along ? count : d)) }];
  },
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    const positions = nonzeroPositions(r.infos[1]);
    if (r.attrs.axis === undefined) return [r.reshape(addRuns(r, r.dy(), 0, positions, [sizeOf(shape)]), shape)];
    return [addRuns(r, r.dy(), fromFront(r.attrs.axis, shape.length), positions, shape)];
  },
  note: "With constant conditions only.",
});

/** Row-major positions of the elements that are not 0. @throws {UNSUPPORTED_OPERATOR} if they are only known at run time */
function nonzeroPositions(info: MaybeInfo): number[] {
  const values = known(info, "numbers of elements");
  return range(values.length).filter((i) => values[i] !== 0);
}

export const indexings: readonly AnyOp[] = [Gather, GatherElements, GatherND, ScatterElements, ScatterND, OneHot, NonZero, Compress];
