// Shapes and axes: most of it moves no element, for a value carries the order of its axes with it.

import type { Value } from "../keras/layers/value.ts";
import { intsAttr } from "./attributes.ts";
import { withAxis, withoutAxes } from "./axis-order.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** A size that is the input's own is written as 0, so that the graph takes other batches too. */
const Reshape: TfOp = {
  op: "Reshape",
  emit: (w) => {
    const tensor = w.own(w.input(0));
    const [batch] = w.graphShape(tensor);
    const sizes = w.constant(1).map((size, i) => (i === 0 && size === batch && size > 0 ? 0 : size));
    return { tensor: w.emit("Reshape", [tensor, w.ints(sizes)]) };
  },
};

/** Axis `i` of the result is axis `order[i]` of the input. */
const Transpose: TfOp = {
  op: "Transpose",
  emit: (w) => {
    const value = w.input(0);
    const order = w.constant(1).map((axis) => w.axis(value, axis));
    return order.every((axis, i) => axis === i) ? { tensor: value.tensor } : { tensor: value.tensor, order };
  },
};

const Squeeze: TfOp = {
  op: "Squeeze",
  emit: (w) => {
    const value = w.input();
    const shape = w.shape(value);
    const named = intsAttr(w.node, "squeeze_dims").map((axis) => w.ownAxis(axis, shape.length));
    const axes = named.length > 0 ? named : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
    if (axes.length === 0) return value;
    const tensor = w.emit("Squeeze", [value.tensor, w.ints(axes.map((axis) => w.axis(value, axis)))]);
    return { tensor, order: withoutAxes(value.order, axes) };
  },
};

/** A value with one more axis of size 1. */
export function expandDims(w: NodeWriter, value: Value, axis: number): Value {
  const rank = w.graphShape(value.tensor).length;
  const own = w.ownAxis(axis, rank + 1);
  const graphAxis = value.order ? rank : own;
  return { tensor: w.emit("Unsqueeze", [value.tensor, w.ints([graphAxis])]), order: value.order && withAxis(value.order, own) };
}

function concat(w: NodeWriter, values: readonly Value[], axis: number): Value {
  const { tensors, order } = w.aligned(values);
  const own = w.ownAxis(axis, w.graphShape(tensors[0] as string).length);
  return { tensor: w.emit("Concat", tensors, { axis: order?.[own] ?? own }), order };
}

/** Values stacked along a new axis. */
const Pack: TfOp = {
  op: "Pack",
  emit: (w) => {
    const axis = w.int("axis");
    return concat(
      w,
      w.inputs.map((value) => expandDims(w, value, axis)),
      axis,
    );
  },
};

const Tile: TfOp = {
  op: "Tile",
  emit: (w) => ({ tensor: w.emit("Tile", [w.own(w.input(0)), w.ints(w.constant(1))]) }),
};

/** A tensor filled with one value. */
function filled(w: NodeWriter, shape: readonly number[], value: string): Value {
  return { tensor: w.emit("Expand", [value, w.ints(shape)]) };
}

function filledLike(op: string, value: number): TfOp {
  return { op, emit: (w) => filled(w, w.shape(w.input()), w.cast(w.scalar(value), w.dtype(w.input().tensor))) };
}

/** start, start + delta … below limit. */
function range(w: NodeWriter): Value {
  const [start, limit, delta] = [w.scalarConstant(0), w.scalarConstant(1), w.scalarConstant(2)];
  const count = Math.ceil((limit - start) / delta);
  if (!(count < 2 ** 28)) w.fail("BAD_MODEL", `counts from ${start} to ${limit} in steps of ${delta}`);
  const scalars = [0, 1, 2].map((i) => w.axes.graph.reshape(w.input(i).tensor, []));
  return { tensor: w.emit("Range", scalars) };
}

export const shapingOps: readonly TfOp[] = [
  Reshape,
  Transpose,
  Squeeze,
  { op: "ExpandDims", emit: (w) => expandDims(w, w.input(0), w.scalarConstant(1)) },
  { op: "ConcatV2", least: 2, emit: (w) => concat(w, w.inputs.slice(0, -1), w.scalarConstant(w.inputs.length - 1)) },
  { op: "Concat", least: 2, emit: (w) => concat(w, w.inputs.slice(1), w.scalarConstant(0)) },
  Pack,
  Tile,
  { op: "Shape", complex: true, emit: (w) => ({ tensor: w.ints(w.shape(w.input())) }) },
  { op: "ShapeN", emit: (w) => w.inputs.map((input) => ({ tensor: w.ints(w.shape(input)) })) },
  {
    op: "Size",
    emit: (w) => ({
      tensor: w.integer(w.shape(w.input()).reduce((n, d) => n * d, 1)),
    }),
  },
  { op: "Rank", emit: (w) => ({ tensor: w.integer(w.shape(w.input()).length) }) },
  { op: "Fill", emit: (w) => filled(w, w.shapeConstant(0), w.input(1).tensor) },
  filledLike("ZerosLike", 0),
  filledLike("OnesLike", 1),
  { op: "BroadcastTo", emit: (w) => filled(w, w.shapeConstant(1), w.own(w.input(0))) },
  { op: "Range", least: 3, emit: range },
];
