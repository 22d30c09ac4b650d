import { testFamily } from "./family.ts";
import { awayFrom, type CaseInput, distinct, fixed, given, normal, positive } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

/** Pairs of shapes that broadcast in every way. */
const pairs: [name: string, a: number[], b: number[]][] = [
  ["equal shapes", [2, 3], [2, 3]],
  ["a row", [2, 3, 4], [4]],
  ["a scalar", [2, 3], []],
  ["channels", [2, 3, 2, 2], [3, 1, 1]],
  ["both ways", [2, 1, 4], [3, 1]],
  ["a longer second input", [3], [2, 3]],
];

type Generator = (shape: readonly number[]) => CaseInput;

function overPairs(a: Generator, b: Generator, more: Partial<OpCase> = {}): OpCase[] {
  return pairs.map(([name, left, right]) => ({ name, inputs: [a(left), b(right)], ...more }));
}

const integers: Generator = (shape) => given(shape, [7, -7, 8, -3, 5, 6].slice(0, shape[0]), "int64");
const shapeArithmetic: OpCase = { name: "int64", inputs: [integers([6]), given([6], [2, 2, -3, 2, 1, 5], "int64")] };
const offFromZero: Generator = (shape) => awayFrom(shape, 0);

function variadic(input: (shape: readonly number[], i: number) => CaseInput, linear = false): OpCase[] {
  const shapes = [[[2, 3]], [[2, 3], [3]], [[3], [2, 3], []], [[2, 1], [1, 3], [2, 3], [1]]];
  return shapes.map((list) => ({
    name: `${list.length} inputs`,
    inputs: list.map(input),
    ...(linear && { linear: list.map((_, i) => i) }),
  }));
}

const mask = given([2, 3], [1, 0, 0, 1, 1, 0], "bool");
const two = fixed(given([], [2]));

testFamily(
  "binary",
  {
    Add: [...overPairs(normal, normal, { linear: [0, 1] }), shapeArithmetic],
    Sub: [...overPairs(normal, normal, { linear: [0, 1] }), shapeArithmetic],
    Mul: [...overPairs(normal, normal, { linear: [0, 1] }), shapeArithmetic, { name: "a number by itself", inputs: [normal([3]), two], linear: [0] }],
    Div: [...overPairs(normal, offFromZero, { linear: [0], tolerance: 1e-4 }), shapeArithmetic],
    Pow: [
      ...overPairs(positive, normal),
      ...[-1, 0, 0.5, 1, 2, 3].map((n) => ({ name: `constant exponent ${n}`, inputs: [positive([2, 3]), fixed(given([], [n]))] })),
      { name: "a constant row of exponents", inputs: [positive([2, 3]), fixed(given([3], [2, 0, -1]))] },
      { name: "negative numbers to whole powers", inputs: [offFromZero([2, 3]), fixed(given([3], [2, 1, 3]))] },
      { name: "an int64 exponent", inputs: [positive([2, 3]), given([1], [3], "int64")] },
      { name: "a constant int64 exponent", inputs: [positive([2, 3]), fixed(given([], [3], "int64"))] },
      { name: "int64", inputs: [given([3], [2, -3, 5], "int64"), given([3], [3, 3, 0], "int64")] },
    ],
    Mod: [
      { name: "floats", attrs: { fmod: 1 }, inputs: [given([4], [5.3, -5.3, 2.2, -0.7]), given([4], [2, 2, -1.5, 3])], linear: [] },
      { name: "a scalar", attrs: { fmod: 1 }, inputs: [given([2, 2], [5.3, -5.3, 2.2, -0.7]), given([], [1.7])] },
      { ...shapeArithmetic, name: "int64, with the divisor's sign" },
      { ...shapeArithmetic, name: "int64, with the dividend's sign", attrs: { fmod: 1 } },
    ],
    Min: [...variadic((shape, i) => distinct(shape, 0.05 * i)), shapeArithmetic],
    Max: [...variadic((shape, i) => distinct(shape, 0.05 * i)), shapeArithmetic],
    Sum: variadic(normal, true),
    Mean: variadic(normal, true),
    Where: [
      { name: "equal shapes", inputs: [mask, normal([2, 3]), normal([2, 3])], linear: [1, 2] },
      { name: "a broadcast condition", inputs: [given([2, 1], [1, 0], "bool"), normal([2, 3]), normal([3])], linear: [1, 2] },
      { name: "scalars", inputs: [mask, normal([]), normal([1])], linear: [1, 2] },
      { name: "a constant branch", inputs: [mask, normal([2, 3]), fixed(normal([]))], linear: [1] },
      { name: "int64", inputs: [given([3], [1, 0, 1], "bool"), given([3], [1, 2, 3], "int64"), given([], [9], "int64")] },
    ],
  },
  { float32: ["Mean"] },
);
