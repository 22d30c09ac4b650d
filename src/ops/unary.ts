// Functions of one tensor, element by element, and those that only pass it on.

import { fail } from "../errors.ts";
import { int, none } from "../graph/attributes.ts";
import { dtypeOf } from "./data-type.ts";
import { type AnyOp, defineOp, type GradientRule, type Info, type MaybeInfo } from "./define.ts";
import { foldElements, roundTo } from "./folding.ts";
import { add, cast, div, inverseRoot, mul, sign, square, sub } from "./formula.ts";

/** An operator without attributes whose output is like its input. */
function elementwise(type: string, gradient: GradientRule | "zero", f?: (x: number) => number): AnyOp {
  return defineOp({
    type,
    attrs: none,
    shape: ([x]) => [like(x)],
    ...(f && { evaluate: ([x]: readonly MaybeInfo[]) => foldElements([x], like(x).dtype, f) }),
    gradient,
  });
}

/** Dtype and shape of a tensor, without its value. */
function like(x: MaybeInfo, dtype = (x as Info).dtype): Info {
  return { dtype, shape: (x as Info).shape };
}

/** Neg: y = −x; dx = −dy. */
const Neg = elementwise(
  "Neg",
  (r) => [r.emit("Neg", [r.dy()])],
  (x) => -x,
);

/** Abs: y = |x|; dx = dy · sign x, 0 at 0. */
const Abs = elementwise("Abs", (r) => [mul(r, r.dy(), sign(r, r.in(0)))], Math.abs);

/** Sqrt: y = √x; dx = dy / 2y. */
const Sqrt = elementwise("Sqrt", (r) => [div(r, r.dy(), mul(r, r.out(0), 2))], Math.sqrt);

/** Reciprocal: y = 1/x; dx = −dy · y². */
const Reciprocal = elementwise(
  "Reciprocal",
  (r) => [r.emit("Neg", [mul(r, r.dy(), square(r, r.out(0)))])],
  (x) => 1 / x,
);

/** Exp: y = eˣ; dx = dy · y. */
const Exp = elementwise("Exp", (r) => [mul(r, r.dy(), r.out(0))], Math.exp);

/** Log: y = ln x; dx = dy / x. */
const Log = elementwise("Log", (r) => [div(r, r.dy(), r.in(0))], Math.log);

/** Erf: dx = dy · 2/√π · exp(−x²). */
const Erf = elementwise("Erf", (r) => [mul(r, mul(r, r.dy(), 2 / Math.sqrt(Math.PI)), r.emit("Exp", [r.emit("Neg", [square(r, r.in(0))])]))]);

/** Sin: dx = dy · cos x. */
const Sin = elementwise("Sin", (r) => [mul(r, r.dy(), r.emit("Cos", [r.in(0)]))]);

/** Cos: dx = −dy · sin x. */
const Cos = elementwise("Cos", (r) => [r.emit("Neg", [mul(r, r.dy(), r.emit("Sin", [r.in(0)]))])]);

/** Tan: dx = dy · (1 + y²). */
const Tan = elementwise("Tan", (r) => [mul(r, r.dy(), add(r, square(r, r.out(0)), 1))]);

/** Asin: dx = dy / √(1 − x²). */
const Asin = elementwise("Asin", (r) => [mul(r, r.dy(), inverseRoot(r, sub(r, 1, square(r, r.in(0)))))]);

/** Acos: dx = −dy / √(1 − x²). */
const Acos = elementwise("Acos", (r) => [r.emit("Neg", [mul(r, r.dy(), inverseRoot(r, sub(r, 1, square(r, r.in(0)))))])]);

/** Atan: dx = dy / (1 + x²). */
const Atan = elementwise("Atan", (r) => [div(r, r.dy(), add(r, square(r, r.in(0)), 1))]);

/** Sinh: dx = dy · cosh x. */
const Sinh = elementwise("Sinh", (r) => [mul(r, r.dy(), r.emit("Cosh", [r.in(0)]))]);

/** Cosh: dx = dy · sinh x. */
const Cosh = elementwise("Cosh", (r) => [mul(r, r.dy(), r.emit("Sinh", [r.in(0)]))]);

/** Asinh: dx = dy / √(x² + 1). */
const Asinh = elementwise("Asinh", (r) => [mul(r, r.dy(), inverseRoot(r, add(r, square(r, r.in(0)), 1)))]);

/** Acosh: dx = dy / √(x² − 1). */
const Acosh = elementwise("Acosh", (r) => [mul(r, r.dy(), inverseRoot(r, sub(r, square(r, r.in(0)), 1)))]);

/** Atanh: dx = dy / (1 − x²). */
const Atanh = elementwise("Atanh", (r) => [div(r, r.dy(), sub(r, 1, square(r, r.in(0))))]);

const Floor = elementwise("Floor", "zero", Math.floor);
const Ceil = elementwise("Ceil", "zero", Math.ceil);

/** Round: halves go to the even neighbour. */
const Round = elementwise("Round", "zero", (x) => {
  const nearest = Math.round(x);
  return Math.abs(x % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
});

const Sign = elementwise("Sign", "zero", Math.sign);
const Not = elementwise("Not", "zero", (x) => 1 - x);
const BitwiseNot = elementwise("BitwiseNot", "zero");

const IsNaN = defineOp({ type: "IsNaN", attrs: none, shape: ([x]) => [like(x, "bool")], gradient: "zero" });

const IsInf = defineOp({
  type: "IsInf",
  attrs: { detect_negative: int(1), detect_positive: int(1) },
  shape: ([x]) => [like(x, "bool")],
  gradient: "zero",
});

/** Identity: y = x; dx = dy. */
const Identity = elementwise(
  "Identity",
  (r) => [r.dy()],
  (x) => x,
);

/** Dropout: y = x, as it is when a network is used. */
const Dropout = defineOp({
  type: "Dropout",
  attrs: { seed: int() },
  shape: ([x, , training], _attrs, outputs) => {
    if (training && training.value?.[0] !== 0) failTraining();
    return [like(x), like(x, "bool")].slice(0, Math.max(outputs, 1));
  },
  gradient: (r) => [r.dy()],
  note: "Inference only.",
});

function failTraining(): never {
  return fail("UNSUPPORTED_OPERATOR", "training_mode is not off: every run would give another result.", {
    hint: "Export the model in evaluation mode (`model.eval()`).",
  });
}

/** Cast: dx = dy in the dtype of x. */
const Cast = defineOp({
  type: "Cast",
  attrs: { saturate: int(1), to: int(1) },
  shape: ([x], { to }) => [like(x, dtypeOf(to))],
  evaluate: ([x], { to }) => (x as Info).value?.map((value) => roundTo(dtypeOf(to), value)),
  gradient: (r) => [cast(r, r.dy(), r.dtype(r.in(0)))],
});

/** CastLike: x in the dtype of another tensor; dx = dy in the dtype of x. */
const CastLike = defineOp({
  type: "CastLike",
  attrs: { saturate: int(1) },
  shape: ([x, target]) => [like(x, (target as Info).dtype)],
  evaluate: ([x, target]) => (x as Info).value?.map((value) => roundTo((target as Info).dtype, value)),
  gradient: (r) => [cast(r, r.dy(), r.dtype(r.in(0)))],
});

export const unaries: readonly AnyOp[] = [
  Neg,
  Abs,
  Sqrt,
  Reciprocal,
  Exp,
  Log,
  Erf,
  Sin,
  Cos,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Asinh,
  Acosh,
  Atanh,
  Floor,
  Ceil,
  Round,
  Sign,
  Not,
  BitwiseNot,
  IsNaN,
  IsInf,
  Identity,
  Dropout,
  Cast,
  CastLike,
];
