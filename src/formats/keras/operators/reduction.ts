// Operations that sum, average or compare along axes, and products of matrices.

import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, broadcast, numberOption, operand, option, tensorOperand } from "./operands.ts";

const NAMES = ["x", "input_tensor", "a"] as const;

const reduce = (op: string) => (w: LayerWriter) =>
  reduced(w, tensorOperand(w, 0, ...NAMES), (x, axes, keepdims) => w.emit(op, [x, w.ints(axes)], { keepdims }));

/** Over the axes of the options, or all. Axes that stay keep their places. */
function reduced(w: LayerWriter, value: Value, write: (x: string, axes: readonly number[], keepdims: 0 | 1) => string): Value {
  const rank = w.shape(value).length;
  const axes = axesOption(w, 1, "axis") ?? Array.from({ length: rank }, (_, i) => i);
  if (option(w, 2, "keepdims", "keep_dims") === true) {
    const places = axes.map((axis) => w.axis(value, axis));
    return { ...value, tensor: write(value.tensor, places, 1) };
  }
  const places = axes.map((axis) => w.axis({ tensor: value.tensor }, axis));
  return w.fromOwn(write(w.own(value), places, 0));
}

/** The mean of (x − mean)². */
function variance(w: LayerWriter): Value {
  return reduced(w, tensorOperand(w, 0, ...NAMES), (x, axes, keepdims) => {
    const centered = w.emit("Sub", [x, w.emit("ReduceMean", [x, w.ints(axes)], { keepdims: 1 })]);
    return w.emit("ReduceMean", [w.emit("Mul", [centered, centered]), w.ints(axes)], { keepdims });
  });
}

const index = (op: "ArgMax" | "ArgMin") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "input");
  const axis = w.axis({ tensor: value.tensor }, numberOption(w, -1, 1, "axis"));
  return w.fromOwn(w.emit("Cast", [w.emit(op, [w.own(value)], { axis, keepdims: option(w, 2, "keepdims") === true ? 1 : 0 })], { to: 1 }));
};

/** A product of matrices in Keras's order, the other axes broadcast. */
function matmul(w: LayerWriter): Value {
  const turned = [option(w, 2, "transpose_a") === true, option(w, 3, "transpose_b") === true];
  const plain = [operand(w, 0, "x1", "a"), operand(w, 1, "x2", "b")].map((o) => (o?.kind === "tensor" ? { ...o, tensor: { tensor: w.own(o.tensor) } } : o));
  return broadcast(w, plain, (tensors) =>
    w.emit(
      "MatMul",
      tensors.map((x, i) => (turned[i] ? swapLast(w, x) : x)),
    ),
  );
}

function swapLast(w: LayerWriter, x: string): string {
  const axes = w.graphShape(x).map((_, i) => i);
  return w.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

export const reductionOperators: Operators = {
  argmax: index("ArgMax"),
  argmin: index("ArgMin"),
  logsumexp: reduce("ReduceLogSumExp"),
  matmul,
  max: reduce("ReduceMax"),
  mean: reduce("ReduceMean"),
  min: reduce("ReduceMin"),
  prod: reduce("ReduceProd"),
  sum: reduce("ReduceSum"),
  var: variance,
};
