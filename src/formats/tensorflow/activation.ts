// Functions of one tensor, element by element.

import { prelu } from "./channelwise.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** Writes the function's nodes. */
type Activation = (w: NodeWriter, x: string) => string;

const unary =
  (op: string, attrs?: Readonly<Record<string, unknown>>): Activation =>
  (w, x) =>
    w.emit(op, [x], attrs);

/** By the names that TensorFlow's operators have. */
export const activations: Readonly<Record<string, Activation>> = {
  // ONNX Runtime has no Relu of integers.
  Relu: (w, x) => (w.dtype(x) === "int64" ? w.emit("Max", [x, w.scalar(0, x)]) : w.emit("Relu", [x])),
  Relu6: (w, x) => w.emit("Clip", [x, w.scalar(0, x), w.scalar(6, x)]),
  Elu: unary("Elu"),
  Selu: unary("Selu"),
  LeakyRelu: (w, x) => w.emit("LeakyRelu", [x], { alpha: w.float(w.node.op === "LeakyRelu" ? "alpha" : "leakyrelu_alpha", 0.2) }),
  Sigmoid: unary("Sigmoid"),
  Tanh: unary("Tanh"),
  Softplus: unary("Softplus"),
  Softsign: unary("Softsign"),
  Exp: unary("Exp"),
  Expm1: (w, x) => w.emit("Sub", [w.emit("Exp", [x]), w.scalar(1)]),
  Log: unary("Log"),
  Log1p: (w, x) => w.emit("Log", [w.emit("Add", [x, w.scalar(1)])]),
  Sqrt: unary("Sqrt"),
  Rsqrt: (w, x) => w.emit("Reciprocal", [w.emit("Sqrt", [x])]),
  Square: (w, x) => w.emit("Mul", [x, x]),
  Reciprocal: unary("Reciprocal"),
  Inv: unary("Reciprocal"),
  Abs: unary("Abs"),
  Neg: unary("Neg"),
  Sign: unary("Sign"),
  Erf: unary("Erf"),
  Erfc: (w, x) => w.emit("Sub", [w.scalar(1), w.emit("Erf", [x])]),
  Floor: unary("Floor"),
  Ceil: unary("Ceil"),
  Round: (w, x) => (w.dtype(x) === "int64" ? x : w.emit("Round", [x])),
  Rint: unary("Round"),
  Sin: unary("Sin"),
  Cos: unary("Cos"),
  Tan: unary("Tan"),
  Asin: unary("Asin"),
  Acos: unary("Acos"),
  Atan: unary("Atan"),
  Asinh: unary("Asinh"),
  Acosh: unary("Acosh"),
  Atanh: unary("Atanh"),
  Sinh: unary("Sinh"),
  Cosh: unary("Cosh"),
  IsNan: unary("IsNaN"),
  IsInf: unary("IsInf"),
  IsFinite: (w, x) => w.emit("Not", [w.emit("Or", [w.emit("IsNaN", [x]), w.emit("IsInf", [x])])]),
  LogicalNot: unary("Not"),
  Invert: unary("BitwiseNot"),
};

function along(op: string, onnx: "Softmax" | "LogSoftmax"): TfOp {
  return { op, emit: (w) => ({ ...w.input(), tensor: w.emit(onnx, [w.input().tensor], { axis: w.axis(w.input(), -1) }) }) };
}

export const activationOps: readonly TfOp[] = [
  ...Object.entries(activations).map(([op, write]): TfOp => ({ op, emit: (w) => ({ ...w.input(), tensor: write(w, w.input().tensor) }) })),
  along("Softmax", "Softmax"),
  along("LogSoftmax", "LogSoftmax"),
  { op: "Prelu", emit: (w) => prelu(w, w.input(0), w.input(1)) },
  {
    op: "ClipByValue",
    emit: (w) => ({
      ...w.input(),
      tensor: w.emit(
        "Clip",
        [0, 1, 2].map((i) => w.input(i).tensor),
      ),
    }),
  },
];
