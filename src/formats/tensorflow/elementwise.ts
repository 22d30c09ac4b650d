// Functions of several tensors, element by element, with broadcasting.

import { computedType, typeAttr } from "./attributes.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** The inputs broadcast, put into `write`. */
function elementwise(op: string, write: (w: NodeWriter, tensors: readonly string[]) => string): TfOp {
  return {
    op,
    least: op === "AddN" ? 1 : op.startsWith("Select") ? 3 : 2,
    emit: (w) => {
      const { tensors, order } = w.aligned(w.inputs);
      return { tensor: write(w, tensors), order };
    },
  };
}

/** Operators that ONNX has too, by TensorFlow's name. */
const same: Readonly<Record<string, string>> = {
  Add: "Add",
  AddV2: "Add",
  AddN: "Sum",
  Sub: "Sub",
  Mul: "Mul",
  Div: "Div",
  RealDiv: "Div",
  Maximum: "Max",
  Minimum: "Min",
  Pow: "Pow",
  Greater: "Greater",
  GreaterEqual: "GreaterOrEqual",
  Less: "Less",
  LessEqual: "LessOrEqual",
  Equal: "Equal",
  LogicalAnd: "And",
  LogicalOr: "Or",
  Select: "Where",
  SelectV2: "Where",
};

/** ⌊a / b⌋. Integers are sizes, which are never negative, so ONNX's truncated division will do. */
function floorDiv(w: NodeWriter, a: string, b: string): string {
  const quotient = w.emit("Div", [a, b]);
  return w.dtype(a) === "int64" ? quotient : w.emit("Floor", [quotient]);
}

export const elementwiseOps: readonly TfOp[] = [
  ...Object.entries(same).map(([op, onnx]) => elementwise(op, (w, tensors) => w.emit(onnx, tensors))),
  elementwise("SquaredDifference", (w, tensors) => {
    const difference = w.emit("Sub", tensors);
    return w.emit("Mul", [difference, difference]);
  }),
  // 0 where b is 0.
  elementwise("DivNoNan", (w, [a = "", b = ""]) => {
    const isZero = w.emit("Equal", [b, w.scalar(0)]);
    return w.emit("Where", [isZero, w.scalar(0), w.emit("Div", [a, w.emit("Where", [isZero, w.scalar(1), b])])]);
  }),
  elementwise("FloorDiv", (w, [a = "", b = ""]) => floorDiv(w, a, b)),
  elementwise("FloorMod", (w, [a = "", b = ""]) => w.emit("Sub", [a, w.emit("Mul", [b, floorDiv(w, a, b)])])),
  elementwise("NotEqual", (w, tensors) => w.emit("Not", [w.emit("Equal", tensors)])),
  { op: "Cast", emit: (w) => ({ ...w.input(), tensor: cast(w) }) },
];

/** To another type. Integers of every size are int64 in the graph: they are shapes and positions. */
function cast(w: NodeWriter): string {
  return w.cast(w.input().tensor, computedType(typeAttr(w.node, "DstT", "float32")));
}
