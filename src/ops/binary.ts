// Arithmetic on broadcast tensors. The walk sums gradients back to each input's shape.

import { int, none } from "../graph/attributes.ts";
import { type AnyOp, defineOp, type GradientRule, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { broadcastShapes, foldElements } from "./folding.ts";
import { cast, compare, div, keepWhere, mul, sub } from "./formula.ts";

/** The inputs broadcast together, in the dtype of the first. */
function broadcast(inputs: readonly MaybeInfo[]): Info {
  return { dtype: (inputs[0] as Info).dtype, shape: broadcastShapes(inputs.map((info) => (info as Info).shape)) };
}

/** An operator without attributes on broadcast inputs, element by element. */
function broadcasting(type: string, f: (...x: number[]) => number, gradient: GradientRule): AnyOp {
  return defineOp({
    type,
    attrs: none,
    shape: (inputs) => [broadcast(inputs)],
    evaluate: (inputs) => foldElements(inputs, (inputs[0] as Info).dtype, f),
    gradient,
  });
}

/** Add: y = a + b; da = db = dy. */
const Add = broadcasting(
  "Add",
  (a, b) => a + b,
  (r) => [r.dy(), r.dy()],
);

/** Sub: y = a − b; da = dy, db = −dy. */
const Sub = broadcasting(
  "Sub",
  (a, b) => a - b,
  (r) => [r.dy(), r.wants(1) ? r.emit("Neg", [r.dy()]) : undefined],
);

/** Mul: y = a · b; da = dy · b, db = dy · a. */
const Mul = broadcasting(
  "Mul",
  (a, b) => a * b,
  (r) => [r.wants(0) ? mul(r, r.dy(), r.in(1)) : undefined, r.wants(1) ? mul(r, r.dy(), r.in(0)) : undefined],
);

/** Div: y = a / b; da = dy / b, db = −da · y. */
const Div = broadcasting(
  "Div",
  (a, b) => a / b,
  (r) => {
    const da = div(r, r.dy(), r.in(1));
    return [da, r.wants(1) ? r.emit("Neg", [mul(r, da, r.out(0))]) : undefined];
  },
);

/** Pow: y = xⁿ; dx = dy · n · xⁿ⁻¹, dn = dy · y · ln x. As PyTorch: dx = 0 where n = 0, dn = 0 where x = 0 and n ≥ 0. */
const Pow = broadcasting(
  "Pow",
  (x, n) => x ** n,
  (r) => [r.wants(0) ? baseGradient(r) : undefined, r.wants(1) ? exponentGradient(r) : undefined],
);

function baseGradient(r: Rule): string | undefined {
  const [x, n] = [r.in(0), r.in(1)];
  const known = r.value(n);
  const constant = known?.length === 1 ? known[0] : undefined;
  if (constant === 0) return undefined;
  if (constant === 1) return r.dy();
  if (constant === 2) return mul(r, r.dy(), mul(r, x, 2));
  if (constant !== undefined) return mul(r, r.dy(), mul(r, r.emit("Pow", [x, r.scalar(constant - 1, x)]), constant));
  const exponent = cast(r, n, r.dtype(x));
  const dx = mul(r, r.dy(), mul(r, exponent, r.emit("Pow", [x, sub(r, exponent, 1)])));
  return known?.every((value) => value !== 0) ? dx : r.emit("Where", [compare(r, "Equal", exponent, 0), r.scalar(0, x), dx]);
}

function exponentGradient(r: Rule): string {
  const [x, n, y] = [r.in(0), r.in(1), r.out(0)];
  const flat = r.emit("And", [compare(r, "Equal", x, 0), compare(r, "GreaterOrEqual", n, 0)]);
  const slope = r.emit("Where", [flat, r.scalar(0, y), mul(r, y, r.emit("Log", [x]))]);
  return cast(r, mul(r, r.dy(), slope), r.dtype(n));
}

/** Mod: the remainder; with fmod y = a − b · trunc(a/b), da = dy, db = −dy · trunc(a/b). Floats know only fmod. */
const Mod = defineOp({
  type: "Mod",
  attrs: { fmod: int(0) },
  shape: (inputs) => [broadcast(inputs)],
  evaluate: (inputs, { fmod }) => foldElements(inputs, (inputs[0] as Info).dtype, fmod ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b)),
  gradient: (r) => [r.dy(), r.wants(1) ? r.emit("Neg", [mul(r, r.dy(), truncatedQuotient(r))]) : undefined],
});

/** trunc(a/b) = round((a − y) / b): the dividend is a multiple of b. */
function truncatedQuotient(r: Rule): string {
  return r.emit("Round", [div(r, sub(r, r.in(0), r.out(0)), r.in(1))]);
}

/** Min and Max: dy goes to the first input that equals y. */
function toFirstEqual(r: Rule): (string | undefined)[] {
  const last = lastWanted(r);
  let rest = r.dy();
  return Array.from({ length: last + 1 }, (_, i) => {
    if (i === r.inputCount - 1) return rest;
    const dx = keepWhere(r, compare(r, "Equal", r.in(i), r.out(0)), rest);
    if (i < last) rest = sub(r, rest, dx);
    return dx;
  });
}

function lastWanted(r: Rule): number {
  let last = r.inputCount - 1;
  while (!r.wants(last)) last--;
  return last;
}

/** Max: y = the greatest of the inputs; the first of equals takes dy. */
const Max = broadcasting("Max", Math.max, toFirstEqual);

/** Min: y = the least of the inputs; the first of equals takes dy. */
const Min = broadcasting("Min", Math.min, toFirstEqual);

/** Sum: y = Σ xᵢ; dxᵢ = dy. */
const Sum = broadcasting(
  "Sum",
  (...x) => total(x),
  (r) => Array.from({ length: r.inputCount }, () => r.dy()),
);

/** Mean: y = Σ xᵢ / n; dxᵢ = dy / n. */
const Mean = broadcasting(
  "Mean",
  (...x) => total(x) / x.length,
  (r) => {
    const dx = mul(r, r.dy(), 1 / r.inputCount);
    return Array.from({ length: r.inputCount }, () => dx);
  },
);

function total(x: readonly number[]): number {
  return x.reduce((sum, value) => sum + value, 0);
}

/** Where: y = a where the condition holds, else b; da = dy where it holds, db = dy − da. */
const Where = defineOp({
  type: "Where",
  attrs: none,
  shape: (inputs) => [{ ...broadcast(inputs), dtype: (inputs[1] as Info).dtype }],
  evaluate: (inputs) => foldElements(inputs, (inputs[1] as Info).dtype, (condition, a, b) => (condition ? a : b)),
  gradient: (r) => {
    if (!r.wants(2)) return [undefined, keepWhere(r, r.in(0), r.dy())];
    const db = keepWhere(r, r.emit("Not", [r.in(0)]), r.dy());
    return [undefined, r.wants(1) ? sub(r, r.dy(), db) : undefined, db];
  },
});

export const binaries: readonly AnyOp[] = [Add, Sub, Mul, Div, Pow, Mod, Min, Max, Sum, Mean, Where];
