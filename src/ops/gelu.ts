// Gelu and its relatives of ONNX Runtime's own domain, which its optimizer and some exporters write.

import { float, none, string } from "../graph/attributes.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { add, mul, square, sub } from "./formula.ts";

const MICROSOFT = "com.microsoft";

function like([x]: readonly MaybeInfo[]): readonly Info[] {
  return [{ dtype: (x as Info).dtype, shape: (x as Info).shape }];
}

/** The slope of x · Φ(x): Φ(x) + x · φ(x) = ½ + ½ erf u + u/√π · exp(−u²) with u = x/√2. */
function exactSlope(r: Rule, x: string): string {
  const u = mul(r, x, Math.SQRT1_2);
  const cumulative = add(r, mul(r, r.emit("Erf", [u]), 0.5), 0.5);
  const density = r.emit("Exp", [r.emit("Neg", [square(r, u)])]);
  return add(r, cumulative, mul(r, mul(r, u, 1 / Math.sqrt(Math.PI)), density));
}

/** The slope of x · s, s = sigmoid(x · (a + b·x²)): s + x · (s − s²) · (a + 3b·x²). It is ½x(1 + tanh …) written shorter. */
function tanhSlope(r: Rule, x: string): string {
  const a = 2 * Math.sqrt(2 / Math.PI);
  const b = 0.044715 * a;
  const x2 = square(r, x);
  const s = r.emit("Sigmoid", [mul(r, x, add(r, mul(r, x2, b), a))]);
  return add(r, s, mul(r, mul(r, x, sub(r, s, square(r, s))), add(r, mul(r, x2, 3 * b), a)));
}

/** x, or x + bias where the operator has a bias. */
function biased(r: Rule): string {
  return r.has(1) ? add(r, r.in(0), r.in(1)) : r.in(0);
}

/** Gelu: y = x · Φ(x), Φ the normal distribution function; with approximate "tanh" y = ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
const Gelu = defineOp({
  type: "Gelu",
  attrs: { approximate: string("none") },
  shape: like,
  gradient: (r) => [mul(r, r.dy(), r.attrs.approximate === "tanh" ? tanhSlope(r, r.in(0)) : exactSlope(r, r.in(0)))],
});

/** com.microsoft.Gelu: as Gelu without approximation. */
const MicrosoftGelu = defineOp({ type: "Gelu", domain: MICROSOFT, attrs: none, shape: like, gradient: (r) => [mul(r, r.dy(), exactSlope(r, r.in(0)))] });

/** com.microsoft.BiasGelu: y = Gelu(x + b); dx = db. */
const BiasGelu = defineOp({
  type: "BiasGelu",
  domain: MICROSOFT,
  attrs: none,
  shape: like,
  gradient: (r) => {
    const dx = mul(r, r.dy(), exactSlope(r, biased(r)));
    return [dx, dx];
  },
});

/** com.microsoft.FastGelu: y = Gelu(x + b) with the tanh approximation; dx = db. */
const FastGelu = defineOp({
  type: "FastGelu",
  domain: MICROSOFT,
  attrs: none,
  shape: like,
  gradient: (r) => {
    const dx = mul(r, r.dy(), tanhSlope(r, biased(r)));
    return [dx, dx];
  },
});

/** com.microsoft.QuickGelu: y = x · s, s = sigmoid(αx); dx = dy · (s + α · y · (1 − s)). */
const QuickGelu = defineOp({
  type: "QuickGelu",
  domain: MICROSOFT,
  attrs: { alpha: float(1.702) },
  shape: like,
  gradient: (r) => {
    const s = r.emit("Sigmoid", [mul(r, r.in(0), r.attrs.alpha)]);
    return [mul(r, r.dy(), add(r, s, mul(r, mul(r, r.out(0), r.attrs.alpha), sub(r, 1, s))))];
  },
});

export const gelus: readonly AnyOp[] = [Gelu, MicrosoftGelu, BiasGelu, FastGelu, QuickGelu];
