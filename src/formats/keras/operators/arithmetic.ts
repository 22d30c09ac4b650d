// Operations on several tensors that broadcast against each other: arithmetic, comparisons, logic, bits, choices.

import { add, compare, div, mul, sub } from "../../../ops/formula.ts";
import type { Argument } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import { angleOf } from "./angle.ts";
import type { Operators } from "./define.ts";
import { truncate } from "./elementwise.ts";
import { broadcast, integers, number, numberOption, operand, option, truth } from "./operands.ts";

type Combine = (w: LayerWriter, a: string, b: string) => string;

/** The operands of an operation on two. */
const pair = (w: LayerWriter) => [operand(w, 0, "x1", "x", "a"), operand(w, 1, "x2", "y", "b", "x", "bias")];

const combined = (w: LayerWriter, combine: Combine, read: (w: LayerWriter, x: string) => string) =>
  broadcast(w, pair(w), (tensors) => combine(w, ...(tensors.map((x) => read(w, x)) as [string, string])));

const binary = (combine: Combine) => (w: LayerWriter) => combined(w, combine, number);

const arithmetic = (op: string) => binary((w, a, b) => w.emit(op, [a, b]));

const logical = (op: string) => (w: LayerWriter) => combined(w, (_, a, b) => w.emit(op, [a, b]), truth);

/** Of whole numbers, bit by bit. */
const bitwise = (op: string) => binary((w, a, b) => number(w, w.emit(op, [integers(w, a), integers(w, b)])));

/** x · 2ⁿ, or the whole part of x / 2ⁿ. */
const shift =
  (direction: 1 | -1): Combine =>
  (w, a, b) =>
    w.emit("Floor", [mul(w, a, w.emit("Pow", [w.scalar(2), mul(w, b, direction)]))]);

/** x between two bounds, either of which may be left out or be a tensor. */
function clip(w: LayerWriter): Value {
  const [x, low, high] = [
    operand(w, 0, "x", "t"),
    operand(w, 1, "x_min", "clip_value_min") ?? bound(w, "x_min"),
    operand(w, 2, "x_max", "clip_value_max") ?? bound(w, "x_max"),
  ];
  const given = [low, high].map((limit) => (limit?.kind === "value" && limit.value === null ? undefined : limit));
  const plain = given.every((limit) => limit === undefined || (limit.kind === "value" && typeof limit.value === "number"));
  if (plain)
    return broadcast(w, [x], ([t]) =>
      w.emit("Clip", [number(w, t as string), ...given.map((limit) => (limit?.kind === "value" ? w.scalar(Number(limit.value)) : ""))]),
    );
  const ends = (["Max", "Min"] as const).filter((_, i) => given[i] !== undefined);
  return broadcast(w, [x, ...given.filter((limit) => limit !== undefined)], ([t, ...limits]) =>
    limits.reduce((kept, limit, i) => w.emit(ends[i] as string, [kept, number(w, limit)]), number(w, t as string)),
  );
}

function bound(w: LayerWriter, name: string): Argument<Value> {
  return { kind: "value", value: w.config.raw(name) ?? null };
}

function where(w: LayerWriter): Value {
  const choices = [operand(w, 1, "x1", "x"), operand(w, 2, "x2", "y")];
  if (choices.every((choice) => choice === undefined || (choice.kind === "value" && choice.value === null))) {
    w.fail("UNSUPPORTED_LAYER", "gives as many places as there are true ones, which depends on the picture", "Give it two values to choose from.");
  }
  return broadcast(w, [operand(w, 0, "condition"), ...choices], ([condition, a, b]) =>
    w.emit("Where", [truth(w, condition as string), number(w, a as string), number(w, b as string)]),
  );
}

/** The choice of the first condition that holds. */
function select(w: LayerWriter): Value {
  const [conditions, choices] = [listed(operand(w, 0, "condlist")), listed(operand(w, 1, "choicelist"))];
  if (conditions.length === 0 || conditions.length !== choices.length) w.fail("BAD_MODEL", `has ${conditions.length} conditions for ${choices.length} choices`);
  const otherwise: Argument<Value> = operand(w, 2, "default") ?? { kind: "value", value: 0 };
  return broadcast(w, [otherwise, ...conditions, ...choices], ([rest, ...tensors]) =>
    conditions.reduceRight(
      (chosen, _, i) => w.emit("Where", [truth(w, tensors[i] as string), number(w, tensors[i + conditions.length] as string), chosen]),
      number(w, rest as string),
    ),
  );
}

function listed(given: Argument<Value> | undefined): readonly Argument<Value>[] {
  if (given?.kind === "list") return given.items;
  return given?.kind === "value" && Array.isArray(given.value) ? given.value.map((value) => ({ kind: "value", value })) : [];
}

const floorDivide: Combine = (w, a, b) => w.emit("Floor", [div(w, a, b)]);

/** log(eᵃ + eᵇ) = max(a, b) + log(1 + e^−|a − b|), in another base where the exponents are scaled. */
const logAddExp =
  (base: number): Combine =>
  (w, a, b) => {
    const apart = w.emit("Exp", [mul(w, w.emit("Abs", [sub(w, a, b)]), -Math.log(base))]);
    return add(w, w.emit("Max", [a, b]), mul(w, w.emit("Log", [add(w, apart, 1)]), 1 / Math.log(base)));
  };

/** A divisor with 1 for 0, so that what is not chosen stays finite. */
const orOne = (w: LayerWriter, x: string) => w.emit("Where", [compare(w, "Equal", x, 0), w.scalar(1), x]);

/** 0 where b is. */
const divideNoNan: Combine = (w, a, b) => w.emit("Where", [compare(w, "Equal", b, 0), w.scalar(0), div(w, a, orOne(w, b))]);

/** √(a² + b²) = m √(1 + (l/m)²) of the larger magnitude m and the lesser l. */
const hypotenuse: Combine = (w, a, b) => {
  const [x, y] = [w.emit("Abs", [a]), w.emit("Abs", [b])];
  const most = w.emit("Max", [x, y]);
  const ratio = divideNoNan(w, w.emit("Min", [x, y]), most);
  return mul(w, most, w.emit("Sqrt", [add(w, mul(w, ratio, ratio), 1)]));
};

const squaredDifference: Combine = (w, a, b) => {
  const difference = sub(w, a, b);
  return mul(w, difference, difference);
};

/** The larger or lesser of two, or the one that is a number. */
const ofNumbers =
  (op: "Max" | "Min"): Combine =>
  (w, a, b) =>
    w.emit("Where", [w.emit("IsNaN", [a]), b, w.emit("Where", [w.emit("IsNaN", [b]), a, w.emit(op, [a, b])])]);

/** 0 below 0, 1 above, and b at 0. */
const heaviside: Combine = (w, a, b) =>
  w.emit("Where", [compare(w, "Less", a, 0), w.scalar(0), w.emit("Where", [compare(w, "Greater", a, 0), w.scalar(1), b])]);

/** |a − b| ≤ atol + rtol · |b| */
const close: Combine = (w, a, b) => {
  const margin = add(w, mul(w, w.emit("Abs", [b]), numberOption(w, 1e-5, 2, "rtol")), numberOption(w, 1e-8, 3, "atol"));
  const near = w.emit("LessOrEqual", [w.emit("Abs", [sub(w, a, b)]), margin]);
  return option(w, 4, "equal_nan") === true ? w.emit("Or", [near, w.emit("And", [w.emit("IsNaN", [a]), w.emit("IsNaN", [b])])]) : near;
};

/** Whether all elements are close. */
function allClose(w: LayerWriter): Value {
  const { tensor } = binary(close)(w);
  return { tensor: truth(w, w.emit("ReduceMin", [number(w, tensor)], { keepdims: 0 })) };
}

/** What is left of a beyond a multiple of b that is nearer to 0. */
const truncatedRemainder: Combine = (w, a, b) => sub(w, a, mul(w, truncate(w, div(w, a, b)), b));

export const arithmeticOperators: Operators = {
  add: arithmetic("Add"),
  allclose: allClose,
  arctan2: binary(angleOf),
  bitwise_and: bitwise("BitwiseAnd"),
  bitwise_left_shift: binary(shift(1)),
  // As two's complements, ~x is −1 − x.
  bitwise_not: (w) => broadcast(w, [operand(w, 0, "x")], ([x]) => sub(w, -1, number(w, x as string))),
  bitwise_or: bitwise("BitwiseOr"),
  bitwise_right_shift: binary(shift(-1)),
  bitwise_xor: bitwise("BitwiseXor"),
  clip,
  divide: arithmetic("Div"),
  divide_no_nan: binary(divideNoNan),
  equal: arithmetic("Equal"),
  floor_divide: binary(floorDivide),
  fmax: binary(ofNumbers("Max")),
  fmin: binary(ofNumbers("Min")),
  fmod: binary(truncatedRemainder),
  greater: arithmetic("Greater"),
  greater_equal: arithmetic("GreaterOrEqual"),
  heaviside: binary(heaviside),
  hypot: binary(hypotenuse),
  isclose: binary(close),
  ldexp: binary((w, a, b) => mul(w, a, w.emit("Pow", [w.scalar(2), b]))),
  less: arithmetic("Less"),
  less_equal: arithmetic("LessOrEqual"),
  logaddexp: binary(logAddExp(Math.E)),
  logaddexp2: binary(logAddExp(2)),
  logical_and: logical("And"),
  logical_or: logical("Or"),
  logical_xor: logical("Xor"),
  maximum: arithmetic("Max"),
  minimum: arithmetic("Min"),
  mod: binary((w, a, b) => sub(w, a, mul(w, floorDivide(w, a, b), b))),
  multiply: arithmetic("Mul"),
  multiply_no_nan: binary((w, a, b) => w.emit("Where", [compare(w, "Equal", b, 0), w.scalar(0), mul(w, a, b)])),
  not_equal: binary((w, a, b) => w.emit("Not", [w.emit("Equal", [a, b])])),
  power: arithmetic("Pow"),
  select,
  squared_difference: binary(squaredDifference),
  subtract: arithmetic("Sub"),
  where,
  xdivy: binary((w, a, b) => w.emit("Where", [compare(w, "Equal", a, 0), w.scalar(0), div(w, a, b)])),
  xlogy: binary((w, a, b) => w.emit("Where", [compare(w, "Equal", a, 0), w.scalar(0), mul(w, a, w.emit("Log", [b]))])),
};
