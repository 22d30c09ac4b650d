// Operations that sum, average or compare along axes, and products of matrices.

import type { Json } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, broadcast, constantOf, intOption, numberOption, operand, option, tensorOperand } from "./operands.ts";

const NAMES = ["x", "input_tensor", "a"] as const;

const reduce = (op: string) => (w: LayerWriter) =>
  reduced(w, tensorOperand(w, 0, ...NAMES), (x, axes, keepdims) => w.emit(op, [x, w.ints(axes)], { keepdims }));

type Reduce = (x: string, axes: readonly number[], keepdims: 0 | 1) => string;

/** Over the axes of the options, or all. Axes that stay keep their places. @param place of the option among the operands */
function reduced(w: LayerWriter, value: Value, write: Reduce, place = 1): Value {
  const rank = w.shape(value).length;
  const axes = axesOption(w, place, "axis") ?? Array.from({ length: rank }, (_, i) => i);
  if (option(w, place + 1, "keepdims", "keep_dims") === true) {
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

/** √ of the variance. */
function deviation(w: LayerWriter): Value {
  const value = variance(w);
  return { ...value, tensor: w.emit("Sqrt", [value.tensor]) };
}

/** What Keras adds or compares with where no epsilon is given. */
const EPSILON = 1e-7;

/** |x|₁, |x|₂ or the largest |x| along axes. */
function lengthOf(w: LayerWriter, x: string, order: Json, axes: readonly number[], keepdims: 0 | 1): string {
  const attrs = { keepdims };
  const magnitude = w.emit("Abs", [x]);
  switch (order) {
    case 1:
      return w.emit("ReduceSum", [magnitude, w.ints(axes)], attrs);
    case 2:
    case "fro":
    case "euclidean":
      return w.emit("Sqrt", [w.emit("ReduceSum", [w.emit("Mul", [x, x]), w.ints(axes)], attrs)]);
    case "inf":
      return w.emit("ReduceMax", [magnitude, w.ints(axes)], attrs);
    default:
      return w.fail("UNSUPPORTED_LAYER", `takes the norm of order ${JSON.stringify(order)}`);
  }
}

function norm(w: LayerWriter): Value {
  const order = option(w, 1, "ord") ?? 2;
  return reduced(w, tensorOperand(w, 0, ...NAMES), (x, axes, keepdims) => lengthOf(w, x, order, axes, keepdims), 2);
}

/** x / max(|x|, ε) along axes. */
function normalize(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const axes = (axesOption(w, 1, "axis") ?? [-1]).map((axis) => w.axis(value, axis));
  const length = lengthOf(w, value.tensor, option(w, 2, "order") ?? 2, axes, 1);
  return { ...value, tensor: w.emit("Div", [value.tensor, w.emit("Max", [length, w.scalar(numberOption(w, EPSILON, 3, "epsilon"))])]) };
}

/** (x − mean) / √(variance + ε) along axes, without learned numbers. */
function layerNorm(w: LayerWriter): Value {
  if (w.call.args.slice(1).some((given) => given.kind !== "value" || given.value !== null)) w.fail("UNSUPPORTED_LAYER", "is given a scale or shift");
  const value = tensorOperand(w, 0, ...NAMES);
  const axes = w.ints((axesOption(w, 9, "axis") ?? [-1]).map((axis) => w.axis(value, axis)));
  const mean = (x: string) => w.emit("ReduceMean", [x, axes], { keepdims: 1 });
  const centered = w.emit("Sub", [value.tensor, mean(value.tensor)]);
  const power = mean(w.emit("Mul", [centered, centered]));
  const root = w.emit("Sqrt", [w.emit("Add", [power, w.scalar(numberOption(w, EPSILON, 9, "epsilon"))])]);
  return { ...value, tensor: w.emit("Div", [option(w, 9, "rms_scaling") === true ? value.tensor : centered, root]) };
}

function einsum(w: LayerWriter): Value {
  const equation = w.config.text("subscripts", "").replaceAll(" ", "");
  const tensors = w.inputs.map((input) => w.own(input));
  if (equation === "" || tensors.length !== w.call.args.length) w.fail("UNSUPPORTED_LAYER", "has operands that are no tensors");
  return w.fromOwn(w.emit("Einsum", tensors, { equation }));
}

/** Sums from the front along one axis. */
function cumsum(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const axis = w.axis(value, intOption(w, undefined, 1, "axis"));
  return { ...value, tensor: w.emit("CumSum", [value.tensor, w.state.graph.scalar(axis, "int64")]) };
}

/** The elements along one axis from the smallest to the largest. */
function sort(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const axis = w.axis(value, intOption(w, -1, 1, "axis"));
  const size = w.graphShape(value.tensor)[axis] as number;
  const [sorted] = w.state.graph.emitMany("TopK", [value.tensor, w.ints([size])], 2, { axis, largest: 0 }) as [string, string];
  return { ...value, tensor: sorted };
}

/** The largest elements along the last axis, and their places. */
function topK(w: LayerWriter): Value[] {
  const x = w.own(tensorOperand(w, 0, ...NAMES));
  const [largest, places] = w.state.graph.emitMany("TopK", [x, w.ints([intOption(w, 1, 1, "k")])], 2) as [string, string];
  return [w.fromOwn(largest), w.fromOwn(w.emit("Cast", [places], { to: 1 }))];
}

const index = (op: "ArgMax" | "ArgMin") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "input");
  const axis = w.axis({ tensor: value.tensor }, intOption(w, -1, 1, "axis"));
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

/** The mean; weighted ones are refused. */
function average(w: LayerWriter): Value {
  const weights = operand(w, 2, "weights");
  if (weights && (weights.kind !== "value" || weights.value !== null)) w.fail("UNSUPPORTED_LAYER", "averages with weights");
  return reduce("ReduceMean")(w);
}

/** A product with a matrix over the last axis. */
function dot(w: LayerWriter): Value {
  const factor = operand(w, 1, "x2");
  const rank = factor?.kind === "tensor" ? w.shape(factor.tensor).length : w.graphShape(constantOf(w, factor?.kind === "value" ? factor.value : null)).length;
  return rank === 2 ? matmul(w) : w.fail("UNSUPPORTED_LAYER", `multiplies by a tensor of ${rank} axes`);
}

function swapLast(w: LayerWriter, x: string): string {
  const axes = w.graphShape(x).map((_, i) => i);
  return w.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

export const reductionOperators: Operators = {
  argmax: index("ArgMax"),
  argmin: index("ArgMin"),
  average,
  cumsum,
  dot,
  einsum,
  layer_norm: layerNorm,
  logsumexp: reduce("ReduceLogSumExp"),
  matmul,
  max: reduce("ReduceMax"),
  mean: reduce("ReduceMean"),
  min: reduce("ReduceMin"),
  norm,
  normalize,
  prod: reduce("ReduceProd"),
  sort,
  std: deviation,
  sum: reduce("ReduceSum"),
  top_k: topK,
  var: variance,
};
