import { dataTypes } from "../../src/graph/proto/onnx.ts";
import { testFamily } from "./family.ts";
import { awayFrom, type CaseInput, fixed, given, normal, positive, uniform } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

function one(name: string, input: CaseInput, more: Partial<OpCase> = {}): OpCase[] {
  return [{ name, inputs: [input], ...more }];
}

const specials = given([5], [Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0], "float32");
const halves = given([8], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49, -3.7]);

testFamily(
  "unary",
  {
    Neg: one("any numbers", normal([2, 3]), { linear: [0] }),
    Abs: one("away from 0", awayFrom([3, 4], 0)),
    Sqrt: one("positive numbers", positive([3, 4])),
    Reciprocal: one("of both signs", awayFrom([3, 4], 0), { tolerance: 1e-4 }),
    Exp: one("any numbers", normal([3, 4])),
    Log: one("positive numbers", positive([3, 4])),
    Erf: one("any numbers", normal([3, 4])),
    Sin: one("any numbers", normal([3, 4])),
    Cos: one("any numbers", normal([3, 4])),
    Tan: one("within ±1", uniform([3, 4], -1, 1)),
    Asin: one("within ±0.8", uniform([3, 4], -0.8, 0.8)),
    Acos: one("within ±0.8", uniform([3, 4], -0.8, 0.8)),
    Atan: one("any numbers", normal([3, 4])),
    Sinh: one("any numbers", normal([3, 4])),
    Cosh: one("any numbers", normal([3, 4])),
    Asinh: one("any numbers", normal([3, 4])),
    Acosh: one("from 1.5 to 4", uniform([3, 4], 1.5, 4)),
    Atanh: one("within ±0.8", uniform([3, 4], -0.8, 0.8)),
    Floor: one("away from integers", awayFrom([12], -3, -2, -1, 0, 1, 2, 3)),
    Ceil: one("away from integers", awayFrom([12], -3, -2, -1, 0, 1, 2, 3)),
    Round: [
      { name: "away from halves", inputs: [awayFrom([12], -3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5)] },
      { name: "halves to even", inputs: [fixed(halves)] },
    ],
    Sign: one("away from 0", awayFrom([12], 0)),
    Not: one("a mask", given([2, 2], [0, 1, 1, 0], "bool")),
    BitwiseNot: one("bytes", given([3], [0, 7, 255], "uint8")),
    IsNaN: one("special numbers", specials),
    IsInf: [
      { name: "special numbers", inputs: [specials] },
      { name: "positive only", attrs: { detect_negative: 0 }, inputs: [specials] },
    ],
    Identity: [
      { name: "floats", inputs: [normal([2, 3])], linear: [0] },
      { name: "a shape", inputs: [given([3], [1, -1, 7], "int64")] },
    ],
    Dropout: [
      { name: "without ratio", inputs: [normal([2, 3])], linear: [0] },
      { name: "with its mask", inputs: [normal([2, 3])], outputs: 2 },
      { name: "training mode off", inputs: [normal([2, 3]), fixed(given([], [0.5])), fixed(given([], [0], "bool"))], linear: [0] },
      { name: "training mode", inputs: [normal([2, 3]), fixed(given([], [0.5])), fixed(given([], [1], "bool"))], refused: "UNSUPPORTED_OPERATOR" },
      { name: "training mode that is an input", inputs: [normal([2]), undefined, given([], [0], "bool")], refused: "UNSUPPORTED_OPERATOR" },
    ],
    Cast: [
      { name: "to float64", attrs: { to: dataTypes.float64 }, inputs: [normal([2, 3])], linear: [0] },
      { name: "to float32", attrs: { to: dataTypes.float32 }, inputs: [normal([2, 3])], linear: [0] },
      { name: "to int64, truncating", attrs: { to: dataTypes.int64 }, inputs: [fixed(halves)] },
      { name: "to bool", attrs: { to: dataTypes.bool }, inputs: [fixed(given([4], [0, -1, 0.2, 3]))] },
      { name: "int64 to float32", attrs: { to: dataTypes.float32 }, inputs: [given([3], [1, -1, 7], "int64")] },
      { name: "to strings", attrs: { to: 8 }, inputs: [normal([2])], refused: "UNSUPPORTED_OPERATOR" },
    ],
    CastLike: [
      { name: "to float64", inputs: [normal([2, 3]), fixed(given([1], [0], "float64"))], linear: [0] },
      { name: "to int64", inputs: [fixed(halves), fixed(given([], [0], "int64"))] },
    ],
  },
  { float32: ["Erf", "Asin", "Acos", "Atan", "Tan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Cast"] },
);
