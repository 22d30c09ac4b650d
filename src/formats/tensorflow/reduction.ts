// Reductions over axes.

import { withoutAxes } from "./axis-order.ts";
import type { TfOp } from "./define.ts";

/** The axes are a constant input. @param truth whether it is of truth values, which count as 0 and 1 */
function reduce(op: string, onnx: string, truth = false): TfOp {
  return {
    op,
    least: 2,
    emit: (w) => {
      const value = w.input(0);
      const rank = w.graphShape(value.tensor).length;
      const axes = w.constant(1).map((axis) => w.ownAxis(axis, rank));
      const keepdims = w.flag("keep_dims");
      const graphAxes = axes.map((axis) => w.axis(value, axis));
      const x = truth ? w.cast(value.tensor, "int64") : value.tensor;
      const reduced = w.emit(onnx, [x, w.ints(graphAxes)], { keepdims: Number(keepdims), noop_with_empty_axes: 1 });
      const tensor = truth ? w.cast(reduced, "bool") : reduced;
      return keepdims ? { ...value, tensor } : { tensor, order: withoutAxes(value.order, axes) };
    },
  };
}

/** The position of the largest or smallest element. */
function position(op: "ArgMax" | "ArgMin"): TfOp {
  return {
    op,
    emit: (w) => {
      const value = w.input(0);
      const axis = w.inputs.length > 1 ? w.scalarConstant(1) : 0;
      const own = w.ownAxis(axis, w.graphShape(value.tensor).length);
      const tensor = w.emit(op, [value.tensor], { axis: w.axis(value, own), keepdims: 0 });
      return { tensor, order: withoutAxes(value.order, [own]) };
    },
  };
}

export const reductionOps: readonly TfOp[] = [
  reduce("Mean", "ReduceMean"),
  reduce("Sum", "ReduceSum"),
  reduce("Max", "ReduceMax"),
  reduce("Min", "ReduceMin"),
  reduce("Prod", "ReduceProd"),
  reduce("EuclideanNorm", "ReduceL2"),
  reduce("Any", "ReduceMax", true),
  reduce("All", "ReduceMin", true),
  position("ArgMax"),
  position("ArgMin"),
];
