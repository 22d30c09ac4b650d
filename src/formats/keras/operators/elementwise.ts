// Operations on every element, of one tensor or of several that broadcast.

import { applyActivation } from "../layers/activate.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { broadcast, numberOption, operand, option, tensorOperand } from "./operands.ts";

const unary = (op: string) => (w: LayerWriter) => map(w, (x) => w.emit(op, [x]));

function map(w: LayerWriter, write: (x: string) => string): Value {
  const value = tensorOperand(w, 0, "x", "input", "features");
  return { ...value, tensor: write(value.tensor) };
}

const binary = (op: string) => (w: LayerWriter) => broadcast(w, [operand(w, 0, "x1", "x"), operand(w, 1, "x2", "y")], (tensors) => w.emit(op, tensors));

const activation = (name: string) => (w: LayerWriter) => applyActivation(w, tensorOperand(w, 0, "x", "logits", "features"), name);

/** Softmax over any axis. */
const softmax = (op: "Softmax" | "LogSoftmax") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "logits");
  return { ...value, tensor: w.emit(op, [value.tensor], { axis: w.axis(value, numberOption(w, -1, 1, "axis")) }) };
};

/** Types are left as they are, but for truth values, which become numbers. */
function cast(w: LayerWriter): Value {
  return map(w, (x) => (w.state.graph.dtype(x) === "bool" ? w.emit("Cast", [x], { to: 1 }) : x));
}

/** x between two bounds, either of which may be left out. */
function clip(w: LayerWriter): Value {
  const bounds = [option(w, 1, "x_min", "clip_value_min"), option(w, 2, "x_max", "clip_value_max")];
  return map(w, (x) => w.emit("Clip", [x, ...bounds.map((bound) => (typeof bound === "number" ? w.scalar(bound) : ""))]));
}

const where = (w: LayerWriter) =>
  broadcast(w, [operand(w, 0, "condition"), operand(w, 1, "x1", "x"), operand(w, 2, "x2", "y")], (tensors) => w.emit("Where", tensors));

export const elementwiseOperators: Operators = {
  absolute: unary("Abs"),
  add: binary("Add"),
  cast,
  clip,
  cos: unary("Cos"),
  divide: binary("Div"),
  elu: (w) => map(w, (x) => w.emit("Elu", [x], { alpha: numberOption(w, 1, 1, "alpha") })),
  equal: binary("Equal"),
  erf: unary("Erf"),
  exp: unary("Exp"),
  gelu: (w) => map(w, (x) => w.emit("Gelu", [x], { approximate: option(w, 1, "approximate") === true ? "tanh" : "none" })),
  greater: binary("Greater"),
  greater_equal: binary("GreaterOrEqual"),
  hard_sigmoid: activation("hard_sigmoid"),
  hard_silu: activation("hard_silu"),
  identity: (w) => map(w, (x) => x),
  leaky_relu: (w) => map(w, (x) => w.emit("LeakyRelu", [x], { alpha: numberOption(w, 0.2, 1, "negative_slope", "alpha") })),
  less: binary("Less"),
  less_equal: binary("LessOrEqual"),
  log: unary("Log"),
  log_sigmoid: activation("log_sigmoid"),
  log_softmax: softmax("LogSoftmax"),
  maximum: binary("Max"),
  minimum: binary("Min"),
  mish: activation("mish"),
  multiply: binary("Mul"),
  negative: unary("Neg"),
  power: binary("Pow"),
  reciprocal: unary("Reciprocal"),
  relu: activation("relu"),
  relu6: activation("relu6"),
  rsqrt: (w) => map(w, (x) => w.emit("Reciprocal", [w.emit("Sqrt", [x])])),
  selu: activation("selu"),
  sigmoid: activation("sigmoid"),
  silu: activation("silu"),
  sin: unary("Sin"),
  softmax: softmax("Softmax"),
  softplus: activation("softplus"),
  softsign: activation("softsign"),
  sqrt: unary("Sqrt"),
  square: (w) => map(w, (x) => w.emit("Mul", [x, x])),
  subtract: binary("Sub"),
  tanh: activation("tanh"),
  where,
};
