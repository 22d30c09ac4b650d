// Operations on every element, of one tensor or of several that broadcast.

import { activationFunctions, applyActivation } from "../layers/activate.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { stopGradient } from "../layers/rounding.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { broadcast, intOption, numberOption, operand, option, tensorOperand } from "./operands.ts";

const unary = (op: string) => (w: LayerWriter) => map(w, (x) => w.emit(op, [x]));

function map(w: LayerWriter, write: (x: string) => string): Value {
  const value = tensorOperand(w, 0, "x", "input", "features");
  return { ...value, tensor: write(number(w, value.tensor)) };
}

/** Truth values count as 0 and 1. */
function number(w: LayerWriter, x: string): string {
  return w.state.graph.dtype(x) === "bool" ? w.emit("Cast", [x], { to: 1 }) : x;
}

function truth(w: LayerWriter, x: string): string {
  return w.state.graph.dtype(x) === "bool" ? x : w.emit("Cast", [x], { to: 9 });
}

type Combine = (w: LayerWriter, a: string, b: string) => string;

const binary = (combine: Combine) => (w: LayerWriter) =>
  broadcast(w, [operand(w, 0, "x1", "x"), operand(w, 1, "x2", "y")], (tensors) => combine(w, ...(tensors.map((x) => number(w, x)) as [string, string])));

const arithmetic = (op: string) => binary((w, a, b) => w.emit(op, [a, b]));

const logical = (op: string) => (w: LayerWriter) =>
  broadcast(w, [operand(w, 0, "x1", "x"), operand(w, 1, "x2", "y")], (tensors) =>
    w.emit(
      op,
      tensors.map((x) => truth(w, x)),
    ),
  );

const activation = (name: string) => (w: LayerWriter) => applyActivation(w, tensorOperand(w, 0, "x", "logits", "features"), name);

/** Softmax over any axis. */
const softmax = (op: "Softmax" | "LogSoftmax") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "logits");
  return { ...value, tensor: w.emit(op, [value.tensor], { axis: w.axis(value, intOption(w, -1, 1, "axis")) }) };
};

/** Activations that work along an axis. */
const along = (name: "glu" | "sparsemax") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "logits");
  const write = activationFunctions[name] as (w: LayerWriter, x: string, axis: number) => string;
  return { ...value, tensor: write(w, value.tensor, w.axis(value, intOption(w, -1, 1, "axis"))) };
};

/** Floating-point types are left as they are; whole numbers are cut off behind the point, but stay float32. */
function cast(w: LayerWriter): Value {
  const dtype = String(option(w, 1, "dtype", "DstT") ?? "float32");
  return map(w, (x) => {
    if (/^u?int/.test(dtype)) return w.emit("Cast", [w.emit("Cast", [x], { to: 7 })], { to: 1 });
    return dtype === "bool" ? truth(w, x) : x;
  });
}

/** x between two bounds, either of which may be left out. */
function clip(w: LayerWriter): Value {
  const bounds = [option(w, 1, "x_min", "clip_value_min"), option(w, 2, "x_max", "clip_value_max")];
  return map(w, (x) => w.emit("Clip", [x, ...bounds.map((bound) => (typeof bound === "number" ? w.scalar(bound) : ""))]));
}

const where = (w: LayerWriter) =>
  broadcast(w, [operand(w, 0, "condition"), operand(w, 1, "x1", "x"), operand(w, 2, "x2", "y")], ([condition, a, b]) =>
    w.emit("Where", [truth(w, condition as string), number(w, a as string), number(w, b as string)]),
  );

const filled = (value: number) => (w: LayerWriter) => map(w, (x) => w.emit("Expand", [w.scalar(value), w.emit("Shape", [x])]));

const greaterThan = (w: LayerWriter, x: string, limit: number) => w.emit("Greater", [x, w.scalar(limit)]);

/** x where it is above a threshold, else a default. */
function threshold(w: LayerWriter): Value {
  const [limit, otherwise] = [numberOption(w, 0, 1, "threshold"), numberOption(w, 0, 2, "default_value")];
  return map(w, (x) => w.emit("Where", [greaterThan(w, x, limit), x, w.scalar(otherwise)]));
}

const hardShrink = (w: LayerWriter) =>
  map(w, (x) => w.emit("Where", [greaterThan(w, w.emit("Abs", [x]), numberOption(w, 0.5, 1, "threshold")), x, w.scalar(0)]));

function softShrink(w: LayerWriter): Value {
  const limit = numberOption(w, 0.5, 1, "threshold");
  return map(w, (x) => w.emit("Sub", [x, w.emit("Clip", [x, w.scalar(-limit), w.scalar(limit)])]));
}

/** (x + √(x² + b)) / 2 */
function squareplus(w: LayerWriter): Value {
  const b = w.scalar(numberOption(w, 4, 1, "b"));
  return map(w, (x) => w.emit("Mul", [w.emit("Add", [x, w.emit("Sqrt", [w.emit("Add", [w.emit("Mul", [x, x]), b])])]), w.scalar(0.5)]));
}

const scaledLog = (base: number) => (w: LayerWriter) => map(w, (x) => w.emit("Mul", [w.emit("Log", [x]), w.scalar(1 / Math.log(base))]));

const notFinite = (w: LayerWriter, x: string) => w.emit("Or", [w.emit("IsNaN", [x]), w.emit("IsInf", [x])]);

/** Numbers in place of what is none; infinities become the largest ones. */
function nanToNum(w: LayerWriter): Value {
  const most = 3.4028234663852886e38;
  const [nan, low, high] = [numberOption(w, 0, 1, "nan"), numberOption(w, -most, 3, "neginf"), numberOption(w, most, 2, "posinf")];
  return map(w, (x) => {
    const finite = w.emit("Where", [w.emit("IsNaN", [x]), w.scalar(nan), x]);
    return w.emit("Clip", [finite, w.scalar(low), w.scalar(high)]);
  });
}

const floorDivide: Combine = (w, a, b) => w.emit("Floor", [w.emit("Div", [a, b])]);

/** log(eᵃ + eᵇ) = max(a, b) + log(1 + e^−|a − b|) */
const logAddExp: Combine = (w, a, b) => {
  const apart = w.emit("Exp", [w.emit("Neg", [w.emit("Abs", [w.emit("Sub", [a, b])])])]);
  return w.emit("Add", [w.emit("Max", [a, b]), w.emit("Log", [w.emit("Add", [apart, w.scalar(1)])])]);
};

/** 0 where b is. */
const divideNoNan: Combine = (w, a, b) => {
  const zero = w.emit("Equal", [b, w.scalar(0)]);
  return w.emit("Where", [zero, w.scalar(0), w.emit("Div", [a, w.emit("Where", [zero, w.scalar(1), b])])]);
};

const squaredDifference: Combine = (w, a, b) => {
  const difference = w.emit("Sub", [a, b]);
  return w.emit("Mul", [difference, difference]);
};

export const elementwiseOperators: Operators = {
  absolute: unary("Abs"),
  add: arithmetic("Add"),
  arccos: unary("Acos"),
  arcsin: unary("Asin"),
  arctan: unary("Atan"),
  cast,
  ceil: unary("Ceil"),
  celu: (w) => map(w, (x) => w.emit("Celu", [x], { alpha: numberOption(w, 1, 1, "alpha") })),
  clip,
  cos: unary("Cos"),
  cosh: unary("Cosh"),
  divide: arithmetic("Div"),
  divide_no_nan: binary(divideNoNan),
  elu: (w) => map(w, (x) => w.emit("Elu", [x], { alpha: numberOption(w, 1, 1, "alpha") })),
  equal: arithmetic("Equal"),
  erf: unary("Erf"),
  exp: unary("Exp"),
  expm1: (w) => map(w, (x) => w.emit("Sub", [w.emit("Exp", [x]), w.scalar(1)])),
  floor: unary("Floor"),
  floor_divide: binary(floorDivide),
  gelu: (w) => map(w, (x) => w.emit("Gelu", [x], { approximate: option(w, 1, "approximate") === true ? "tanh" : "none" })),
  glu: along("glu"),
  greater: arithmetic("Greater"),
  greater_equal: arithmetic("GreaterOrEqual"),
  hard_shrink: hardShrink,
  hard_sigmoid: activation("hard_sigmoid"),
  hard_silu: activation("hard_silu"),
  hard_tanh: activation("hard_tanh"),
  identity: (w) => map(w, (x) => x),
  isfinite: (w) => map(w, (x) => w.emit("Not", [notFinite(w, x)])),
  isinf: unary("IsInf"),
  isnan: unary("IsNaN"),
  leaky_relu: (w) => map(w, (x) => w.emit("LeakyRelu", [x], { alpha: numberOption(w, 0.2, 1, "negative_slope", "alpha") })),
  less: arithmetic("Less"),
  less_equal: arithmetic("LessOrEqual"),
  log: unary("Log"),
  log10: scaledLog(10),
  log1p: (w) => map(w, (x) => w.emit("Log", [w.emit("Add", [x, w.scalar(1)])])),
  log2: scaledLog(2),
  log_sigmoid: activation("log_sigmoid"),
  log_softmax: softmax("LogSoftmax"),
  logaddexp: binary(logAddExp),
  logical_and: logical("And"),
  logical_not: (w) => map(w, (x) => w.emit("Not", [truth(w, x)])),
  logical_or: logical("Or"),
  logical_xor: logical("Xor"),
  maximum: arithmetic("Max"),
  minimum: arithmetic("Min"),
  mish: activation("mish"),
  mod: binary((w, a, b) => w.emit("Sub", [a, w.emit("Mul", [floorDivide(w, a, b), b])])),
  multiply: arithmetic("Mul"),
  nan_to_num: nanToNum,
  negative: unary("Neg"),
  not_equal: binary((w, a, b) => w.emit("Not", [w.emit("Equal", [a, b])])),
  ones_like: filled(1),
  power: arithmetic("Pow"),
  reciprocal: unary("Reciprocal"),
  relu: activation("relu"),
  relu6: activation("relu6"),
  round: unary("Round"),
  rsqrt: (w) => map(w, (x) => w.emit("Reciprocal", [w.emit("Sqrt", [x])])),
  selu: activation("selu"),
  sigmoid: activation("sigmoid"),
  sign: unary("Sign"),
  silu: activation("silu"),
  sin: unary("Sin"),
  sinh: unary("Sinh"),
  soft_shrink: softShrink,
  softmax: softmax("Softmax"),
  softplus: activation("softplus"),
  softsign: activation("softsign"),
  sparse_plus: activation("sparse_plus"),
  sparse_sigmoid: activation("sparse_sigmoid"),
  sparsemax: along("sparsemax"),
  sqrt: unary("Sqrt"),
  square: (w) => map(w, (x) => w.emit("Mul", [x, x])),
  squared_difference: binary(squaredDifference),
  squareplus,
  stop_gradient: (w) => map(w, (x) => stopGradient(w, x)),
  subtract: arithmetic("Sub"),
  tan: unary("Tan"),
  tanh: activation("tanh"),
  tanh_shrink: activation("tanh_shrink"),
  threshold,
  where,
  zeros_like: filled(0),
};
