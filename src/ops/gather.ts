// Gather, GatherElements and GatherND: elements picked at positions. Their gradients add dy where the elements came from.

import { int } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { fromFront, range } from "./axes.ts";
import { defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { elements, tabulate } from "./elements.ts";
import { addRuns, findRuns } from "./runs.ts";
import { scatterAdd, scatterAddND } from "./scatter.ts";

/** Constant positions in at most so many runs are put back run by run, which needs no scattering kernel. */
const FEW_RUNS = 8;

/** Gather: y = slices of x along an axis, one for every index. */
export const Gather = defineOp({
  type: "Gather",
  attrs: { axis: int(0) },
  shape: (inputs, { axis }) => [{ dtype: (inputs[0] as Info).dtype, shape: gatheredShape(inputs, axis) }],
  evaluate: (inputs, { axis }) => {
    const [x, indices] = inputs as readonly [Info, Info];
    const along = fromFront(axis, x.shape.length);
    const [at, position, rank] = [elements(x), elements(indices), indices.shape.length];
    return tabulate(gatheredShape(inputs, axis), (index) => {
      const picked = wrap(position(index.slice(along, along + rank)), x.shape[along] as number);
      return at([...index.slice(0, along), picked, ...index.slice(along + rank)]);
    });
  },
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    const axis = fromFront(r.attrs.axis, shape.length);
    const count = sizeOf(r.shape(r.in(1)));
    const flat = shape.map((d, i) => (i === axis ? count : d));
    const dy = r.reshape(r.dy(), flat);
    const positions = r.value(r.in(1))?.map((i) => wrap(i, shape[axis] as number));
    if (positions && findRuns(positions).length <= FEW_RUNS) return [addRuns(r, dy, axis, positions, shape)];
    const column = r.reshape(
      r.in(1),
      flat.map((d, i) => (i === axis ? d : 1)),
    );
    return [scatterAdd(r, shape, r.emit("Expand", [column, r.ints(flat)]), dy, axis)];
  },
});

function gatheredShape([x, indices]: readonly MaybeInfo[], axis: number): number[] {
  const { shape } = x as Info;
  const along = fromFront(axis, shape.length);
  return [...shape.slice(0, along), ...(indices as Info).shape, ...shape.slice(along + 1)];
}

/** Negative indices count from the end. */
function wrap(index: number, size: number): number {
  return index < 0 ? index + size : index;
}

/** GatherElements: y = for every index the element of x at the same place, but for one axis. */
export const GatherElements = defineOp({
  type: "GatherElements",
  attrs: { axis: int(0) },
  shape: ([x, indices], { axis }) => {
    fromFront(axis, (x as Info).shape.length);
    return [{ dtype: (x as Info).dtype, shape: (indices as Info).shape }];
  },
  gradient: (r) => [scatterAdd(r, r.shape(r.in(0)), r.in(1), r.dy(), fromFront(r.attrs.axis, r.shape(r.in(0)).length))],
});

/** GatherND: y = slices of x at index tuples. */
export const GatherND = defineOp({
  type: "GatherND",
  attrs: { batch_dims: int(0) },
  shape: ([x, indices], { batch_dims }) => {
    const [{ dtype, shape }, tuples] = [x as Info, (indices as Info).shape];
    return [{ dtype, shape: [...tuples.slice(0, -1), ...shape.slice(batch_dims + (tuples.at(-1) as number))] }];
  },
  gradient: (r) => [scatterAddND(r, r.shape(r.in(0)), wholeTuples(r, r.in(1), r.attrs.batch_dims), r.dy())],
});

/** Index tuples with the batch's own indices in front. */
function wholeTuples(r: Rule, indices: string, batchAxes: number): string {
  if (batchAxes === 0) return indices;
  const shape = r.shape(indices).slice(0, -1);
  const batches = range(batchAxes).map((axis) => {
    const sizes = [...shape.map((d, i) => (i === axis ? d : 1)), 1];
    const counter = r.reshape(r.ints(range(shape[axis] as number)), sizes);
    return r.emit("Expand", [counter, r.ints([...shape, 1])]);
  });
  return r.emit("Concat", [...batches, indices], { axis: -1 });
}
