// The largest elements, places in sorted lists, counts.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** The k largest elements along the last axis, and where they were; the first of equals comes first. */
function topK(w: NodeWriter): readonly Value[] {
  const value = w.input(0);
  const k = w.count(1, "a number of elements");
  const shape = w.shape(value);
  if (k > (shape.at(-1) ?? 0)) w.fail("BAD_MODEL", `takes the ${k} largest of ${shape.at(-1) ?? "no"} elements`);
  const tensors = w.axes.graph.emitMany("TopK", [value.tensor, w.ints([k])], 2, { axis: w.axis(value, -1) });
  return tensors.map((tensor) => ({ ...value, tensor }));
}

/** Where values would go in sorted rows: before their equals, or behind them. */
function bound(op: "LowerBound" | "UpperBound"): TfOp {
  return {
    op,
    least: 2,
    emit: (w) => {
      const sorted = w.emit("Unsqueeze", [w.own(w.input(0)), w.ints([1])]);
      const values = w.emit("Unsqueeze", [w.own(w.input(1)), w.ints([2])]);
      const before = w.emit(op === "LowerBound" ? "Less" : "LessOrEqual", [sorted, values]);
      return { tensor: w.emit("ReduceSum", [w.cast(before, "int64"), w.ints([2])], { keepdims: 0 }) };
    },
  };
}

/** How often each number below a size occurs, in all (Bincount) or in each row; or the sum of the weights that stand with it. */
function count(w: NodeWriter): Value {
  const rows = w.node.op === "DenseBincount" ? w.graphShape(w.input(0).tensor).slice(0, -1) : [];
  const shape = [...rows, -1];
  const numbers = w.emit("Reshape", [w.own(w.input(0)), w.ints([...shape, 1])]);
  const size = w.count(1, "a size");
  const places = w.range(size);
  const hits = w.emit("Equal", [numbers, places]);
  const weights = w.own(w.input(2));
  const dtype = w.dtype(weights);
  const axis = w.ints([rows.length]);
  if (w.flag("binary_output")) return { tensor: w.cast(w.cast(w.emit("ReduceMax", [w.cast(hits, "int64"), axis], { keepdims: 0 }), "bool"), dtype) };
  const isWeighted = !w.graphShape(weights).includes(0);
  const each = w.cast(hits, dtype);
  const weighted = isWeighted ? w.emit("Mul", [each, w.emit("Reshape", [weights, w.ints([...shape, 1])])]) : each;
  return { tensor: w.emit("ReduceSum", [weighted, axis], { keepdims: 0 }) };
}

export const rankingOps: readonly TfOp[] = [
  { op: "TopKV2", least: 2, emit: topK },
  bound("LowerBound"),
  bound("UpperBound"),
  { op: "Bincount", least: 3, emit: count },
  { op: "DenseBincount", least: 3, emit: count },
];
