// Sums and products along an axis that keep every step.

import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** The axis is a constant input; `exclusive` leaves each element out of its own sum, `reverse` begins at the end. */
function cumulate(op: string, write: (w: NodeWriter, x: string, axis: number) => string): TfOp {
  return {
    op,
    least: 2,
    emit: (w) => {
      const value = w.input(0);
      return { ...value, tensor: write(w, value.tensor, w.axis(value, w.scalarConstant(1))) };
    },
  };
}

function sums(w: NodeWriter, x: string, axis: number): string {
  return w.emit("CumSum", [x, w.integer(axis)], { exclusive: Number(w.flag("exclusive")), reverse: Number(w.flag("reverse")) });
}

/** ONNX has no such product: every round multiplies by what lies 1, 2, 4 … elements before, so log₂ n rounds are enough. */
function products(w: NodeWriter, x: string, axis: number): string {
  const size = w.graphShape(x)[axis] as number;
  let y = w.flag("exclusive") ? shifted(w, x, axis, Math.min(1, size)) : x;
  for (let by = 1; by < size; by *= 2) y = w.emit("Mul", [y, shifted(w, y, axis, by)]);
  return y;
}

/** x moved by some elements, with ones in their place. */
function shifted(w: NodeWriter, x: string, axis: number, by: number): string {
  const shape = w.graphShape(x);
  const [first, last] = w.flag("reverse") ? [by, shape[axis] as number] : [0, (shape[axis] as number) - by];
  const kept = w.emit("Slice", [x, w.ints([first]), w.ints([last]), w.ints([axis])]);
  const ones = w.emit("Expand", [w.scalar(1, x), w.ints(shape.map((d, i) => (i === axis ? by : d)))]);
  return w.emit("Concat", w.flag("reverse") ? [kept, ones] : [ones, kept], { axis });
}

export const cumulativeOps: readonly TfOp[] = [cumulate("Cumsum", sums), cumulate("Cumprod", products)];
