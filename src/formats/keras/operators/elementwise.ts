// Operations on every element of one tensor.

import { add, compare, div, mul, sign, sub } from "../../../ops/formula.ts";
import { activationFunctions, applyActivation } from "../layers/activate.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { stopGradient } from "../layers/rounding.ts";
import type { Value } from "../layers/value.ts";
import { negative } from "./angle.ts";
import type { Operators } from "./define.ts";
import { intOption, number, numberOption, option, tensorOperand, truth } from "./operands.ts";

const NAMES = ["x", "input", "features", "variable", "tensor"] as const;

/** An operation on the numbers of one tensor. */
function map(w: LayerWriter, write: (x: string) => string): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  return { ...value, tensor: write(number(w, value.tensor)) };
}

const formula = (write: (w: LayerWriter, x: string) => string) => (w: LayerWriter) => map(w, (x) => write(w, x));

const unary = (op: string) => formula((w, x) => w.emit(op, [x]));

const times = (factor: number) => formula((w, x) => mul(w, x, factor));

const activation = (name: string) => (w: LayerWriter) => applyActivation(w, tensorOperand(w, 0, "x", "logits", "features"), name);

/** Softmax over one axis, or over all where the file says null. */
const softmax = (op: "Softmax" | "LogSoftmax") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "logits");
  if (w.layer.config.axis !== null) return { ...value, tensor: w.emit(op, [value.tensor], { axis: w.axis(value, intOption(w, -1, 1, "axis")) }) };
  const x = w.own(value);
  const flat = w.emit(op, [w.state.graph.reshape(x, [-1])], { axis: 0 });
  return w.fromOwn(w.state.graph.reshape(flat, w.graphShape(x)));
};

/** Activations that work along an axis. */
const along = (name: "glu" | "sparsemax") => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, "x", "logits");
  const write = activationFunctions[name] as (w: LayerWriter, x: string, axis: number) => string;
  return { ...value, tensor: write(w, value.tensor, w.axis(value, intOption(w, -1, 1, "axis"))) };
};

/** Towards zero. */
export const truncate = (w: LayerWriter, x: string): string => mul(w, w.emit("Sign", [x]), w.emit("Floor", [w.emit("Abs", [x])]));

/** Ranges of the types of whole numbers. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  int16: [-32768, 32767],
  uint8: [0, 255],
  uint16: [0, 65535],
};

/** Floating-point types are left as they are; whole numbers are cut off behind the point, but stay float32. */
export function convert(w: LayerWriter, x: string, dtype: string): string {
  if (dtype === "bool") return truth(w, x);
  return /^u?int/.test(dtype) && w.dtype(x) !== "bool" ? w.emit("Cast", [w.emit("Cast", [x], { to: 7 })], { to: 1 }) : number(w, x);
}

const typeOf = (w: LayerWriter, i: number) => String(option(w, i, "dtype", "DstT") ?? "float32");

function cast(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  return { ...value, tensor: convert(w, value.tensor, typeOf(w, 1)) };
}

/** What does not fit into the type becomes the nearest that does. */
const saturateCast = formula((w, x) => {
  const dtype = typeOf(w, 1);
  const range = RANGES[dtype];
  return convert(w, range ? w.emit("Clip", [x, w.scalar(range[0]), w.scalar(range[1])]) : x, dtype);
});

const filled = (value: number) => formula((w, x) => w.emit("Expand", [w.scalar(value), w.emit("Shape", [x])]));

/** x where it is above a threshold, else a default. */
function threshold(w: LayerWriter): Value {
  const [limit, otherwise] = [numberOption(w, 0, 1, "threshold"), numberOption(w, 0, 2, "default_value")];
  return map(w, (x) => w.emit("Where", [compare(w, "Greater", x, limit), x, w.scalar(otherwise)]));
}

const hardShrink = formula((w, x) => w.emit("Where", [compare(w, "Greater", w.emit("Abs", [x]), numberOption(w, 0.5, 1, "threshold")), x, w.scalar(0)]));

const softShrink = formula((w, x) => {
  const limit = numberOption(w, 0.5, 1, "threshold");
  return sub(w, x, w.emit("Clip", [x, w.scalar(-limit), w.scalar(limit)]));
});

/** (x + √(x² + b)) / 2 */
const squareplus = formula((w, x) => mul(w, add(w, x, w.emit("Sqrt", [add(w, mul(w, x, x), numberOption(w, 4, 1, "b"))])), 0.5));

const scaledLog = (base: number) => formula((w, x) => mul(w, w.emit("Log", [x]), 1 / Math.log(base)));

const notFinite = (w: LayerWriter, x: string) => w.emit("Or", [w.emit("IsNaN", [x]), w.emit("IsInf", [x])]);

/** Numbers in place of what is none; infinities become the largest ones. */
function nanToNum(w: LayerWriter): Value {
  const most = 3.4028234663852886e38;
  const [nan, low, high] = [numberOption(w, 0, 1, "nan"), numberOption(w, -most, 3, "neginf"), numberOption(w, most, 2, "posinf")];
  return map(w, (x) => {
    const infinite = (detect_negative: 0 | 1) => w.emit("IsInf", [x], { detect_negative, detect_positive: 1 - detect_negative });
    const bounded = w.emit("Where", [infinite(0), w.scalar(high), w.emit("Where", [infinite(1), w.scalar(low), x])]);
    return w.emit("Where", [w.emit("IsNaN", [x]), w.scalar(nan), bounded]);
  });
}

/** To a number of decimals; negative ones round to tens, hundreds … */
const round = formula((w, x) => {
  const factor = 10 ** intOption(w, 0, 1, "decimals");
  return factor === 1 ? w.emit("Round", [x]) : div(w, w.emit("Round", [mul(w, x, factor)]), factor);
});

/** ∛x = sign x · |x|^⅓ */
const cubeRoot = formula((w, x) => mul(w, sign(w, x), w.emit("Pow", [w.emit("Abs", [x]), w.scalar(1 / 3)])));

/** sin πx / πx, and 1 at 0. */
const sinc = formula((w, x) => {
  const zero = compare(w, "Equal", x, 0);
  const angle = mul(w, w.emit("Where", [zero, w.scalar(1), x]), Math.PI);
  return w.emit("Where", [zero, w.scalar(1), div(w, w.emit("Sin", [angle]), angle)]);
});

/** p(x) by Horner's rule, from the highest power. */
const polynomial = (w: LayerWriter, x: string, [first, second, ...rest]: readonly number[]): string =>
  rest.reduce((sum, c) => add(w, mul(w, sum, x), c), add(w, mul(w, x, first as number), second as number));

/**
 * The inverse of erf. Giles, Approximating the erfinv function, GPU Computing Gems 2 (2010): a polynomial in −ln(1 − x²) for the
 * middle and one for the ends; then one step of Newton's.
 */
const inverseErf = formula((w, x) => {
  const depth = w.emit("Neg", [w.emit("Log", [mul(w, sub(w, 1, x), add(w, x, 1))])]);
  const middle = polynomial(
    w,
    sub(w, depth, 2.5),
    [2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941],
  );
  const root = sub(w, w.emit("Sqrt", [w.emit("Max", [depth, w.scalar(5)])]), 3);
  const ends = polynomial(
    w,
    root,
    [-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682],
  );
  const near = mul(w, w.emit("Where", [compare(w, "Less", depth, 5), middle, ends]), x);
  const slope = mul(w, w.emit("Exp", [mul(w, near, near)]), Math.sqrt(Math.PI) / 2);
  return sub(w, near, mul(w, sub(w, w.emit("Erf", [near]), x), slope));
});

/** The angle of a real number: 0, or π below 0. */
const angle = formula((w, x) => w.emit("Where", [compare(w, "Less", x, 0), w.scalar(Math.PI), w.scalar(0)]));

const same = formula((_, x) => x);

const one = (w: LayerWriter, x: string) => w.emit("Expand", [w.scalar(1), w.emit("Shape", [x])]);

export const elementwiseOperators: Operators = {
  absolute: unary("Abs"),
  angle,
  arccos: unary("Acos"),
  arccosh: unary("Acosh"),
  arcsin: unary("Asin"),
  arcsinh: unary("Asinh"),
  arctan: unary("Atan"),
  arctanh: unary("Atanh"),
  array: (w) => (option(w, 1, "dtype") === undefined ? tensorOperand(w, 0, ...NAMES) : cast(w)),
  cast,
  cbrt: cubeRoot,
  ceil: unary("Ceil"),
  celu: formula((w, x) => w.emit("Celu", [x], { alpha: numberOption(w, 1, 1, "alpha") })),
  conjugate: same,
  convert_to_tensor: (w) => (option(w, 1, "dtype") === undefined ? tensorOperand(w, 0, ...NAMES) : cast(w)),
  cos: unary("Cos"),
  cosh: unary("Cosh"),
  deg2rad: times(Math.PI / 180),
  elu: formula((w, x) => w.emit("Elu", [x], { alpha: numberOption(w, 1, 1, "alpha") })),
  erf: unary("Erf"),
  erfc: formula((w, x) => sub(w, 1, w.emit("Erf", [x]))),
  erfinv: inverseErf,
  exp: unary("Exp"),
  exp2: formula((w, x) => w.emit("Exp", [mul(w, x, Math.LN2)])),
  expm1: formula((w, x) => sub(w, w.emit("Exp", [x]), 1)),
  floor: unary("Floor"),
  gelu: formula((w, x) => w.emit("Gelu", [x], { approximate: option(w, 1, "approximate") === true ? "tanh" : "none" })),
  glu: along("glu"),
  hard_shrink: hardShrink,
  hard_sigmoid: activation("hard_sigmoid"),
  hard_silu: activation("hard_silu"),
  hard_tanh: activation("hard_tanh"),
  identity: (w) => tensorOperand(w, 0, ...NAMES),
  imag: filled(0),
  isfinite: formula((w, x) => w.emit("Not", [notFinite(w, x)])),
  isinf: unary("IsInf"),
  isnan: unary("IsNaN"),
  isneginf: formula((w, x) => w.emit("IsInf", [x], { detect_positive: 0 })),
  isposinf: formula((w, x) => w.emit("IsInf", [x], { detect_negative: 0 })),
  isreal: formula((w, x) => truth(w, one(w, x))),
  leaky_relu: formula((w, x) => w.emit("LeakyRelu", [x], { alpha: numberOption(w, 0.2, 1, "negative_slope", "alpha") })),
  log: unary("Log"),
  log10: scaledLog(10),
  log1p: formula((w, x) => w.emit("Log", [add(w, x, 1)])),
  log2: scaledLog(2),
  log_sigmoid: activation("log_sigmoid"),
  log_softmax: softmax("LogSoftmax"),
  logical_not: formula((w, x) => w.emit("Not", [truth(w, x)])),
  mish: activation("mish"),
  nan_to_num: nanToNum,
  negative: unary("Neg"),
  ones_like: filled(1),
  rad2deg: times(180 / Math.PI),
  real: same,
  reciprocal: unary("Reciprocal"),
  relu: activation("relu"),
  relu6: activation("relu6"),
  round,
  rsqrt: formula((w, x) => w.emit("Reciprocal", [w.emit("Sqrt", [x])])),
  saturate_cast: saturateCast,
  selu: activation("selu"),
  sigmoid: activation("sigmoid"),
  sign: unary("Sign"),
  signbit: formula(negative),
  silu: activation("silu"),
  sin: unary("Sin"),
  sinc,
  sinh: unary("Sinh"),
  soft_shrink: softShrink,
  softmax: softmax("Softmax"),
  softplus: activation("softplus"),
  softsign: activation("softsign"),
  sparse_plus: activation("sparse_plus"),
  sparse_sigmoid: activation("sparse_sigmoid"),
  sparsemax: along("sparsemax"),
  sqrt: unary("Sqrt"),
  square: formula((w, x) => mul(w, x, x)),
  squareplus,
  stop_gradient: formula(stopGradient),
  tan: unary("Tan"),
  tanh: activation("tanh"),
  tanh_shrink: activation("tanh_shrink"),
  threshold,
  trunc: formula(truncate),
  zeros_like: filled(0),
};
