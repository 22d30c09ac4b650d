// Parts of tensors, and borders around them.

import { padSymmetric } from "../keras/layers/symmetric-padding.ts";
import type { Value } from "../keras/layers/value.ts";
import { withoutAxes } from "./axis-order.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";
import { expandDims } from "./shaping.ts";
import { FAR, readStrides } from "./strided-slice.ts";

/** From `begin` on, `size` elements an axis; -1 is all that are left. */
const Slice: TfOp = {
  op: "Slice",
  emit: (w) => {
    const value = w.input(0);
    const [begin, size] = [w.constant(1), w.constant(2)];
    const shape = w.shape(value);
    const end = begin.map((start, axis) => (size[axis] === -1 ? (shape[axis] as number) : start + (size[axis] as number)));
    return cut(
      w,
      value,
      begin,
      end,
      begin.map(() => 1),
    );
  },
};

/** Part `begin … end` of every own axis, in steps. */
function cut(w: NodeWriter, value: Value, begin: readonly number[], end: readonly number[], steps: readonly number[]): Value {
  const axes = begin.map((_, axis) => w.axis(value, axis));
  return { ...value, tensor: w.emit("Slice", [value.tensor, w.ints(begin), w.ints(end), w.ints(axes), w.ints(steps)]) };
}

const StridedSlice: TfOp = {
  op: "StridedSlice",
  emit: (w) => {
    const value = w.input(0);
    const { begin, end, steps, dropped, added } = readStrides(w, w.shape(value).length);
    const part = begin.length === 0 ? value : cut(w, value, begin, end, steps);
    const squeezed = dropped.length === 0 ? part : dropAxes(w, part, dropped);
    return added.reduce((wider, axis) => expandDims(w, wider, axis), squeezed);
  },
};

function dropAxes(w: NodeWriter, value: Value, axes: readonly number[]): Value {
  const tensor = w.emit("Squeeze", [value.tensor, w.ints(axes.map((axis) => w.axis(value, axis)))]);
  return { tensor, order: withoutAxes(value.order, axes) };
}

/** Equal parts (Split), or parts of given sizes (SplitV). */
function split(w: NodeWriter, value: Value, axis: number, sizes: readonly number[]): Value[] {
  const tensors = w.axes.graph.emitMany("Split", [value.tensor, w.ints(sizes)], sizes.length, { axis: w.axis(value, axis) });
  return tensors.map((tensor) => ({ ...value, tensor }));
}

const Split: TfOp = {
  op: "Split",
  emit: (w) => {
    const [value, axis, count] = [w.input(1), w.scalarConstant(0), w.int("num_split", 1)];
    const size = w.shape(value)[w.ownAxis(axis, w.shape(value).length)] as number;
    if (count < 1 || count > size) w.fail("BAD_MODEL", `splits ${size} elements into ${count} parts`);
    return split(w, value, axis, new Array<number>(count).fill(size / count));
  },
};

const SplitV: TfOp = {
  op: "SplitV",
  emit: (w) => {
    const [value, sizes, axis] = [w.input(0), w.constant(1), w.scalarConstant(2)];
    const whole = w.shape(value)[w.ownAxis(axis, w.shape(value).length)] as number;
    const rest = whole - sizes.filter((size) => size >= 0).reduce((a, b) => a + b, 0);
    return split(
      w,
      value,
      axis,
      sizes.map((size) => (size < 0 ? rest : size)),
    );
  },
};

/** All parts along an axis, which goes. */
const Unpack: TfOp = {
  op: "Unpack",
  emit: (w) => {
    const value = w.input();
    const axis = w.ownAxis(w.int("axis"), w.shape(value).length);
    const parts = split(w, value, axis, new Array<number>(w.shape(value)[axis] as number).fill(1));
    return parts.map((part) => dropAxes(w, part, [axis]));
  },
};

/** Along the axes of an input (ReverseV2), or those that have their own truth value there (Reverse). */
function reverse(w: NodeWriter): Value {
  const value = w.input(0);
  const given = w.constant(1);
  const axes = w.node.op === "ReverseV2" ? given : given.flatMap((flag, axis) => (flag ? [axis] : []));
  if (axes.length === 0) return value;
  const all = (n: number) => w.ints(axes.map(() => n));
  return { ...value, tensor: w.emit("Slice", [value.tensor, all(-1), all(-FAR), w.ints(axes.map((axis) => w.axis(value, axis))), all(-1)]) };
}

/** Matrices with zeros but for a band around the diagonal; a negative number of diagonals is all of them. */
function band(w: NodeWriter): Value {
  const [lower, upper] = [w.scalarConstant(1), w.scalarConstant(2)];
  const x = w.own(w.input(0));
  const fromLower = lower < 0 ? x : w.emit("Trilu", [x, w.integer(-lower)], { upper: 1 });
  return { tensor: upper < 0 ? fromLower : w.emit("Trilu", [fromLower, w.integer(upper)], { upper: 0 }) };
}

/** Elements before and behind each graph axis; paddings are [before, behind] an own axis. */
function margins(w: NodeWriter): [number, number][] {
  const paddings = w.constant(1);
  const order = w.input(0).order ?? paddings.slice(0, paddings.length / 2).map((_, axis) => axis);
  const at = (axis: number, side: number) => paddings[2 * order.indexOf(axis) + side] as number;
  return order.map((_, axis) => [at(axis, 0), at(axis, 1)]);
}

/** A border of constants or of mirrored elements. */
function pad(op: string, mode: "constant" | "reflect"): TfOp {
  return {
    op,
    emit: (w) => {
      const value = w.input(0);
      if (op === "MirrorPad" && w.text("mode", "REFLECT") === "SYMMETRIC") return { ...value, tensor: padSymmetric(w.axes.graph, value.tensor, margins(w)) };
      const pads = [0, 1].flatMap((side) => margins(w).map((pair) => pair[side] as number));
      const constant = op === "PadV2" ? [w.input(2).tensor] : [];
      return { ...value, tensor: w.emit("Pad", [value.tensor, w.ints(pads), ...constant], { mode }) };
    },
  };
}

export const slicingOps: readonly TfOp[] = [
  Slice,
  StridedSlice,
  Split,
  SplitV,
  Unpack,
  { op: "ReverseV2", least: 2, emit: reverse },
  { op: "Reverse", least: 2, emit: reverse },
  { op: "MatrixBandPart", least: 3, emit: band },
  pad("Pad", "constant"),
  pad("PadV2", "constant"),
  pad("MirrorPad", "reflect"),
];
