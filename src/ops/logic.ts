// Comparisons, logic and bits: nothing flows through them.

import { none, string } from "../graph/attributes.ts";
import type { DType } from "../tensor/dtype.ts";
import { type AnyOp, defineOp, type Info } from "./define.ts";
import { broadcastShapes, foldElements } from "./folding.ts";

function broadcasting(type: string, f?: (a: number, b: number) => number | boolean, dtype?: DType): AnyOp {
  return defineOp({
    type,
    attrs: none,
    shape: (inputs) => [{ dtype: dtype ?? (inputs[0] as Info).dtype, shape: broadcastShapes(inputs.map((info) => (info as Info).shape)) }],
    ...(f && { evaluate: (inputs) => foldElements(inputs, "bool", (a, b) => Number(f(a, b))) }),
    gradient: "zero",
  });
}

const Equal = broadcasting("Equal", (a, b) => a === b, "bool");
const Greater = broadcasting("Greater", (a, b) => a > b, "bool");
const GreaterOrEqual = broadcasting("GreaterOrEqual", (a, b) => a >= b, "bool");
const Less = broadcasting("Less", (a, b) => a < b, "bool");
const LessOrEqual = broadcasting("LessOrEqual", (a, b) => a <= b, "bool");
const And = broadcasting("And", (a, b) => a && b, "bool");
const Or = broadcasting("Or", (a, b) => a || b, "bool");
const Xor = broadcasting("Xor", (a, b) => a !== b, "bool");
const BitwiseAnd = broadcasting("BitwiseAnd");
const BitwiseOr = broadcasting("BitwiseOr");
const BitwiseXor = broadcasting("BitwiseXor");

const BitShift = defineOp({
  type: "BitShift",
  attrs: { direction: string("") },
  shape: (inputs) => [{ dtype: (inputs[0] as Info).dtype, shape: broadcastShapes(inputs.map((info) => (info as Info).shape)) }],
  gradient: "zero",
});

export const logics: readonly AnyOp[] = [Equal, Greater, GreaterOrEqual, Less, LessOrEqual, And, Or, Xor, BitwiseAnd, BitwiseOr, BitwiseXor, BitShift];
