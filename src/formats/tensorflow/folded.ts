// Operators that are computed on reading, for what they work on is constant: sizes, axes and positions. Of data they would
// give as many elements as the data has, and a graph's shapes are fixed.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** Elements of a constant input; how many are left of others is known only when the model runs. */
function settled(w: NodeWriter, i: number): readonly number[] {
  return (
    w.axes.graph.value(w.input(i).tensor) ??
    w.fail(
      "UNSUPPORTED_OPERATOR",
      "gives as many elements as the data decides",
      "Pellucid fixes all shapes: convert the model without this step, which is often its post-processing.",
    )
  );
}

/** A vector, of the type of input `i`. */
function vector(w: NodeWriter, values: readonly number[], like?: number): Value {
  const dtype = like === undefined ? "int64" : w.dtype(w.input(like).tensor);
  return { tensor: w.axes.graph.constant(dtype, [values.length], values) };
}

/** The different elements in the order in which they come, and which of them each element is. */
function unique(w: NodeWriter): readonly Value[] {
  if (w.graphShape(w.input(0).tensor).length !== 1) w.fail("UNSUPPORTED_OPERATOR", "compares slices instead of elements");
  const values = settled(w, 0);
  const different = [...new Set(values)];
  return [
    vector(w, different, 0),
    vector(
      w,
      values.map((value) => different.indexOf(value)),
    ),
  ];
}

/** The elements of one list that another does not have, and where they are. */
function listDiff(w: NodeWriter): readonly Value[] {
  const [values, without] = [settled(w, 0), new Set(settled(w, 1))];
  const places = values.flatMap((value, i) => (without.has(value) ? [] : [i]));
  return [
    vector(
      w,
      places.map((i) => values[i] as number),
      0,
    ),
    vector(w, places),
  ];
}

/** The indices of what is not 0, one row each. */
function where(w: NodeWriter): Value {
  settled(w, 0);
  return { tensor: w.emit("Transpose", [w.emit("NonZero", [w.own(w.input())])], { perm: [1, 0] }) };
}

/** Where each index stands. */
function invertPermutation(w: NodeWriter): Value {
  const order = w.constant(0);
  return vector(
    w,
    order.map((_, i) => order.indexOf(i)),
  );
}

/** The shape that two shapes broadcast to. */
function broadcastArgs(w: NodeWriter): Value {
  const [a, b] = [w.constant(0), w.constant(1)];
  const rank = Math.max(a.length, b.length);
  const sizes = Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    return m === n || n === 1 ? m : m === 1 ? n : w.fail("BAD_MODEL", `has shapes ${a.join("×")} and ${b.join("×")}, which do not broadcast`);
  });
  return vector(w, sizes);
}

/** Numbers at even distances, both ends included; the last one is exact. */
function linSpace(w: NodeWriter): Value {
  const count = w.count(2, "a number of elements");
  const steps = w.axes.graph.constant(
    "float32",
    [count],
    Array.from({ length: count }, (_, i) => (count > 1 ? i / (count - 1) : 0)),
  );
  const [start, stop] = [w.input(0).tensor, w.input(1).tensor];
  return { tensor: w.emit("Add", [start, w.emit("Mul", [w.emit("Sub", [stop, start]), steps])]) };
}

export const foldedOps: readonly TfOp[] = [
  { op: "Unique", emit: unique },
  { op: "UniqueV2", emit: unique },
  { op: "ListDiff", least: 2, emit: listDiff },
  { op: "Where", emit: where },
  { op: "InvertPermutation", emit: invertPermutation },
  { op: "BroadcastArgs", least: 2, emit: broadcastArgs },
  { op: "LinSpace", least: 3, emit: linSpace },
];
