// Functions of several tensors, element by element, with broadcasting.

import type { DType } from "../../tensor/dtype.ts";
import type { Value } from "../keras/layers/value.ts";
import { angleOf } from "../keras/operators/angle.ts";
import { computedType, typeAttr } from "./attributes.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** The inputs broadcast, put into `write`. */
function elementwise(op: string, write: (w: NodeWriter, tensors: readonly string[]) => string): TfOp {
  return {
    op,
    least: op === "AddN" ? 1 : op === "SelectV2" ? 3 : 2,
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
  BitwiseAnd: "BitwiseAnd",
  BitwiseOr: "BitwiseOr",
  BitwiseXor: "BitwiseXor",
};

/** a − b · ⌊a / b⌋, which has the sign of b. ONNX's Mod is that for integers; for floats it has the sign of a. */
function floorMod(w: NodeWriter, a: string, b: string): string {
  if (w.dtype(a) === "int64") return w.emit("Mod", [a, b]);
  const rest = w.emit("Mod", [a, b], { fmod: 1 });
  const isNegative = (x: string) => w.emit("Less", [x, w.scalar(0)]);
  const differs = w.emit("Xor", [isNegative(rest), isNegative(b)]);
  return w.emit("Where", [w.emit("And", [differs, w.emit("Not", [w.emit("Equal", [rest, w.scalar(0)])])]), w.emit("Add", [rest, b]), rest]);
}

/** ⌊a / b⌋. ONNX divides integers towards zero, so what is left over is taken off first. */
function floorDiv(w: NodeWriter, a: string, b: string): string {
  if (w.dtype(a) === "int64") return w.emit("Div", [w.emit("Sub", [a, floorMod(w, a, b)]), b]);
  return w.emit("Floor", [w.emit("Div", [a, b])]);
}

export const elementwiseOps: readonly TfOp[] = [
  ...Object.entries(same).map(([op, onnx]) => elementwise(op, (w, tensors) => w.emit(onnx, tensors))),
  // ONNX Runtime's Sum takes floats only.
  elementwise("AddN", (w, tensors) => (w.dtype(tensors[0] as string) === "int64" ? tensors.reduce((a, b) => w.emit("Add", [a, b])) : w.emit("Sum", tensors))),
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
  elementwise("FloorMod", (w, [a = "", b = ""]) => floorMod(w, a, b)),
  // Both have the sign of a, in TensorFlow; TensorFlow.js gives Mod the sign of b.
  elementwise("Mod", (w, tensors) => w.emit("Mod", tensors, { fmod: 1 })),
  elementwise("TruncateMod", (w, tensors) => w.emit("Mod", tensors, { fmod: 1 })),
  elementwise("TruncateDiv", (w, tensors) => w.emit("Div", tensors)),
  elementwise("Atan2", (w, [y = "", x = ""]) => angleOf(w, y, x)),
  elementwise("NotEqual", (w, tensors) => w.emit("Not", [w.emit("Equal", tensors)])),
  elementwise("SelectV2", (w, tensors) => w.where(...(tensors as [string, string, string]))),
  { op: "Select", least: 3, emit: select },
  { op: "Cast", emit: (w) => ({ ...w.input(), tensor: cast(w) }) },
];

/** As SelectV2, but a condition along one axis chooses whole rows. */
function select(w: NodeWriter): Value {
  const [condition, a, b] = [w.input(0), w.input(1), w.input(2)];
  const [rows, rank] = [w.graphShape(condition.tensor), w.graphShape(a.tensor).length];
  const wide = rows.length === 1 ? { tensor: w.emit("Reshape", [condition.tensor, w.ints([...rows, ...new Array<number>(rank - 1).fill(1)])]) } : condition;
  const { tensors, order } = w.aligned([wide, a, b]);
  return { tensor: w.where(...(tensors as [string, string, string])), order };
}

/** Smallest and number of the values of types whose integers are few; int64 holds all others as they are. */
const NARROW: Partial<Record<DType, readonly [least: number, count: number]>> = {
  uint8: [0, 2 ** 8],
  int8: [-(2 ** 7), 2 ** 8],
  uint16: [0, 2 ** 16],
  int16: [-(2 ** 15), 2 ** 16],
};

/** To another type. Integers of every size are int64 in the graph, so those that a narrower one does not hold wrap here. */
function cast(w: NodeWriter): string {
  const dtype = typeAttr(w.node, "DstT", "float32");
  const tensor = w.cast(w.input().tensor, computedType(dtype));
  const [least, count] = NARROW[dtype] ?? [];
  if (least === undefined || count === undefined) return tensor;
  const [first, all] = [w.integer(least), w.integer(count)];
  return w.emit("Add", [w.emit("Mod", [w.emit("Sub", [tensor, first]), all]), first]);
}
