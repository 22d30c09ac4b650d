// Elements read from places, and written to places.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** Slices along an axis, one for every index; with `batch_dims` every element of a batch has indices of its own. */
function gather(w: NodeWriter): Value {
  const [x, indices] = [w.own(w.input(0)), w.own(w.input(1))];
  const rank = w.graphShape(x).length;
  const axis = w.ownAxis(w.inputs.length > 2 ? w.scalarConstant(2) : 0, rank);
  const indexRank = w.graphShape(indices).length;
  const given = w.int("batch_dims");
  const batches = given < 0 ? given + indexRank : given;
  if (batches < 0 || batches > axis || batches > indexRank) w.fail("BAD_MODEL", `has ${given} axes of batches`);
  return { tensor: batches === 0 ? w.emit("Gather", [x, indices], { axis }) : gatherInBatches(w, x, indices, axis, batches) };
}

/** The axis is brought behind the batches and gathered; what lay between comes before the indices' own axes again. */
function gatherInBatches(w: NodeWriter, x: string, indices: string, axis: number, batches: number): string {
  const rank = w.graphShape(x).length;
  const places = w.graphShape(indices);
  const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const moved = w.transpose(x, [...upTo(0, batches), axis, ...upTo(batches, axis), ...upTo(axis + 1, rank)]);
  const tuples = w.emit("Unsqueeze", [indices, w.ints([places.length])]);
  const found = w.emit("GatherND", [moved, tuples], { batch_dims: batches });
  const between = axis - batches;
  const total = w.graphShape(found).length;
  return w.transpose(found, [
    ...upTo(0, batches),
    ...upTo(places.length, places.length + between),
    ...upTo(batches, places.length),
    ...upTo(places.length + between, total),
  ]);
}

/** Slices at index tuples. */
const GatherNd: TfOp = { op: "GatherNd", least: 2, emit: (w) => ({ tensor: w.emit("GatherND", [w.own(w.input(0)), w.own(w.input(1))]) }) };

/** Zeros with updates added at index tuples. */
const ScatterNd: TfOp = {
  op: "ScatterNd",
  least: 3,
  emit: (w) => {
    const updates = w.own(w.input(1));
    const zeros = w.emit("Expand", [w.scalar(0, updates), w.ints(w.shapeConstant(2))]);
    return { tensor: w.emit("ScatterND", [zeros, w.own(w.input(0)), updates], { reduction: "add" }) };
  },
};

/** A tensor with updates at index tuples in place of its own elements, or combined with them. */
function scatterInto(op: string, reduction: "none" | "add" | "max" | "min"): TfOp {
  return {
    op,
    least: 3,
    emit: (w) => {
      const updates = w.own(w.input(2));
      const signed = op === "TensorScatterSub" ? w.emit("Neg", [updates]) : updates;
      return { tensor: w.emit("ScatterND", [w.own(w.input(0)), w.own(w.input(1)), signed], { reduction }) };
    },
  };
}

/** Values at index tuples, a default everywhere else. A vector of indices is one of positions along one axis. */
const SparseToDense: TfOp = {
  op: "SparseToDense",
  least: 3,
  emit: (w) => {
    const shape = w.shapeConstant(1);
    const count = w.graphShape(w.input(0).tensor).length === 0 ? 1 : (w.graphShape(w.input(0).tensor)[0] as number);
    const tuples = w.emit("Reshape", [w.own(w.input(0)), w.ints([count, shape.length])]);
    const values = w.emit("Expand", [w.input(2).tensor, w.ints([count])]);
    const fill = w.inputs.length > 3 ? w.input(3).tensor : w.scalar(0, values);
    return { tensor: w.emit("ScatterND", [w.emit("Expand", [fill, w.ints(shape)]), tuples, values]) };
  },
};

/** One value at each index along a new axis, another elsewhere; indices that are out of range, or negative, have none. */
const OneHot: TfOp = {
  op: "OneHot",
  least: 4,
  emit: (w) => {
    const indices = w.own(w.input(0));
    const rank = w.graphShape(indices).length;
    const depth = w.count(1, "a depth");
    const axis = w.ownAxis(w.int("axis", -1), rank + 1);
    const along = Array.from({ length: rank + 1 }, (_, i) => (i === axis ? depth : 1));
    const places = w.axes.graph.reshape(w.range(depth), along);
    const hit = w.emit("Equal", [w.emit("Unsqueeze", [indices, w.ints([axis])]), places]);
    return { tensor: w.where(hit, w.input(2).tensor, w.input(3).tensor) };
  },
};

export const indexingOps: readonly TfOp[] = [
  { op: "GatherV2", least: 2, emit: gather },
  { op: "Gather", least: 2, emit: gather },
  GatherNd,
  ScatterNd,
  scatterInto("TensorScatterUpdate", "none"),
  scatterInto("TensorScatterAdd", "add"),
  scatterInto("TensorScatterSub", "add"),
  scatterInto("TensorScatterMax", "max"),
  scatterInto("TensorScatterMin", "min"),
  SparseToDense,
  OneHot,
];
