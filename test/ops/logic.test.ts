import { testFamily } from "./family.ts";
import { given, normal } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const comparison: OpCase[] = [
  { name: "floats, broadcast", inputs: [normal([2, 3]), normal([3])] },
  { name: "int64 with equals", inputs: [given([4], [1, 2, 3, -1], "int64"), given([4], [1, 3, 2, -1], "int64")] },
];

const logic: OpCase[] = [{ name: "masks, broadcast", inputs: [given([2, 2], [0, 0, 1, 1], "bool"), given([2], [0, 1], "bool")] }];

const bits: OpCase[] = [{ name: "bytes, broadcast", inputs: [given([3], [0, 7, 255], "uint8"), given([1], [3], "uint8")] }];

testFamily("logic", {
  Equal: comparison,
  Greater: comparison,
  GreaterOrEqual: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  And: logic,
  Or: logic,
  Xor: logic,
  BitwiseAnd: bits,
  BitwiseOr: bits,
  BitwiseXor: bits,
  BitShift: ["LEFT", "RIGHT"].map((direction) => ({ name: direction, attrs: { direction }, inputs: bits[0]?.inputs ?? [] })),
});
