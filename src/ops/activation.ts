// Activation functions, element by element, and Softmax. Where y tells the sign of x, rules read y, so that ONNX Runtime
// can still fuse the activation into the convolution before it.

import { fail } from "../errors.ts";
import { type AttrSpecs, type AttrsOf, float, int, none } from "../graph/attributes.ts";
import { formatShape } from "../tensor/tensor.ts";
import { type AnyOp, defineOp, type Info, type Rule } from "./define.ts";
import { broadcastShapes } from "./folding.ts";
import { add, atMost, compare, div, either, keepWhere, mul, square, sub } from "./formula.ts";
import { gelus } from "./gelu.ts";

/** An operator whose output is like its first input. */
function activation<const S extends AttrSpecs>(type: string, attrs: S, gradient: "zero" | ((r: Rule<AttrsOf<S>>) => readonly (string | undefined)[])): AnyOp {
  return defineOp({ type, attrs, shape: ([x]) => [{ dtype: (x as Info).dtype, shape: (x as Info).shape }], gradient });
}

/** Relu: y = max(x, 0); dx = dy where y > 0. */
const Relu = activation("Relu", none, (r) => [keepWhere(r, compare(r, "Greater", r.out(0), 0), r.dy())]);

/** LeakyRelu: y = x where x > 0, else αx; dx = dy where x > 0, else α · dy. */
const LeakyRelu = activation("LeakyRelu", { alpha: float(0.01) }, (r) => {
  const { alpha } = r.attrs;
  const positive = compare(r, "Greater", alpha >= 0 ? r.out(0) : r.in(0), 0);
  return [mul(r, r.dy(), either(r, positive, 1, alpha, r.dy()))];
});

/** PRelu: y = x where x > 0, else s·x; dx = dy · (s + [x > 0] · (1 − s)), ds = dy · min(x, 0). */
const PRelu = defineOp({
  type: "PRelu",
  attrs: none,
  shape: ([x, slope]) => {
    const { dtype, shape } = x as Info;
    const slopes = (slope as Info).shape;
    if (formatShape(broadcastShapes([shape, slopes])) !== formatShape(shape)) {
      fail("SHAPE_MISMATCH", `slopes of shape ${formatShape(slopes)} do not fit an input of shape ${formatShape(shape)}.`);
    }
    return [{ dtype, shape }];
  },
  gradient: (r) => {
    const [x, slope] = [r.in(0), r.in(1)];
    const slopes = () => add(r, keepWhere(r, compare(r, "Greater", x, 0), sub(r, 1, slope)), slope);
    return [r.wants(0) ? mul(r, r.dy(), slopes()) : undefined, r.wants(1) ? mul(r, r.dy(), atMost(r, x, 0)) : undefined];
  },
});

/** The slope of a·x where x > 0, else b(eˣ − 1): exp(min(x, 0)) · (a where x > 0, else b). */
function expSlope(r: Rule, a: number, b: number): string {
  const x = r.in(0);
  return mul(r, r.emit("Exp", [atMost(r, x, 0)]), either(r, compare(r, "Greater", x, 0), a, b, x));
}

/** Elu: y = x where x > 0, else α(eˣ − 1); dx = dy where x > 0, else dy · αeˣ. */
const Elu = activation("Elu", { alpha: float(1) }, (r) => [mul(r, r.dy(), expSlope(r, 1, r.attrs.alpha))]);

/** Selu: y = γ · Elu(x); dx = γ · dy where x > 0, else dy · γαeˣ. */
const Selu = activation("Selu", { alpha: float(1.6732632), gamma: float(1.050701) }, (r) => {
  const { alpha, gamma } = r.attrs;
  return [mul(r, r.dy(), expSlope(r, gamma, gamma * alpha))];
});

/** Celu: y = max(x, 0) + min(0, α(exp(x/α) − 1)); dx = dy · exp(min(x, 0)/α). */
const Celu = activation("Celu", { alpha: float(1) }, (r) => [mul(r, r.dy(), r.emit("Exp", [mul(r, atMost(r, r.in(0), 0), 1 / r.attrs.alpha)]))]);

/** Sigmoid: y = 1 / (1 + e⁻ˣ); dx = dy · (y − y²). */
const Sigmoid = activation("Sigmoid", none, (r) => [mul(r, r.dy(), sub(r, r.out(0), square(r, r.out(0))))]);

/** HardSigmoid: y = max(0, min(1, αx + β)); dx = α · dy where 0 < y < 1, that is |y − ½| < ½. */
const HardSigmoid = activation("HardSigmoid", { alpha: float(0.2), beta: float(0.5) }, (r) => {
  const inside = compare(r, "Less", r.emit("Abs", [sub(r, r.out(0), 0.5)]), 0.5);
  return [keepWhere(r, inside, mul(r, r.dy(), r.attrs.alpha))];
});

/** HardSwish: y = x · h(x), h = HardSigmoid with α = 1/6; dx = dy · (h + x/6 where |x| < 3). */
const HardSwish = activation("HardSwish", none, (r) => {
  const x = r.in(0);
  const inside = compare(r, "Less", r.emit("Abs", [x]), 3);
  const slope = add(r, r.emit("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 }), keepWhere(r, inside, mul(r, x, 1 / 6)));
  return [mul(r, r.dy(), slope)];
});

/** Tanh: dx = dy · (1 − y²). */
const Tanh = activation("Tanh", none, (r) => [mul(r, r.dy(), sub(r, 1, square(r, r.out(0))))]);

/** Softplus: y = ln(1 + eˣ); dx = dy · sigmoid x. */
const Softplus = activation("Softplus", none, (r) => [mul(r, r.dy(), r.emit("Sigmoid", [r.in(0)]))]);

/** Softsign: y = x / (1 + |x|); dx = dy / (1 + |x|)². */
const Softsign = activation("Softsign", none, (r) => [div(r, r.dy(), square(r, add(r, r.emit("Abs", [r.in(0)]), 1)))]);

/** ThresholdedRelu: y = x where x > α, else 0; dx = dy where x > α. */
const ThresholdedRelu = activation("ThresholdedRelu", { alpha: float(1) }, (r) => [keepWhere(r, compare(r, "Greater", r.in(0), r.attrs.alpha), r.dy())]);

/** Shrink: y = x ∓ bias where |x| > λ, else 0; dx = dy where |x| > λ. */
const Shrink = activation("Shrink", { bias: float(0), lambd: float(0.5) }, (r) => [
  keepWhere(r, compare(r, "Greater", r.emit("Abs", [r.in(0)]), r.attrs.lambd), r.dy()),
]);

/** Mish: y = x · t, t = tanh(softplus x); dx = dy · (t + x · sigmoid x · (1 − t²)). */
const Mish = activation("Mish", none, (r) => {
  const x = r.in(0);
  const t = r.emit("Tanh", [r.emit("Softplus", [x])]);
  const rise = mul(r, mul(r, x, r.emit("Sigmoid", [x])), sub(r, 1, square(r, t)));
  return [mul(r, r.dy(), add(r, t, rise))];
});

/** Clip: y = min(max(x, low), high); dx = dy where y = x, bounds included. dlow = dy where x < low, dhigh where x > high. */
const Clip = defineOp({
  type: "Clip",
  attrs: none,
  shape: ([x]) => [{ dtype: (x as Info).dtype, shape: (x as Info).shape }],
  evaluate: ([x, low, high]) =>
    (x as Info).value?.map((value) => Math.min(Math.max(value, low?.value?.[0] ?? value), high?.value?.[0] ?? Number.POSITIVE_INFINITY)),
  gradient: (r) => [
    r.wants(0) ? keepWhere(r, compare(r, "Equal", r.in(0), r.out(0)), r.dy()) : undefined,
    r.wants(1) ? keepWhere(r, compare(r, "Less", r.in(0), r.in(1)), r.dy()) : undefined,
    r.wants(2) ? keepWhere(r, compare(r, "Greater", r.in(0), r.in(2)), r.dy()) : undefined,
  ],
});

/** Softmax: y = eˣ / Σ eˣ along an axis; dx = y · (dy − Σ y · dy). */
const Softmax = activation("Softmax", { axis: int(-1) }, (r) => {
  const y = r.out(0);
  return [mul(r, y, sub(r, r.dy(), sumAlong(r, mul(r, y, r.dy()), r.attrs.axis)))];
});

/** LogSoftmax: y = x − ln Σ eˣ along an axis; dx = dy − eʸ · Σ dy. */
const LogSoftmax = activation("LogSoftmax", { axis: int(-1) }, (r) => [sub(r, r.dy(), mul(r, r.emit("Exp", [r.out(0)]), sumAlong(r, r.dy(), r.attrs.axis)))]);

function sumAlong(r: Rule, x: string, axis: number): string {
  return r.emit("ReduceSum", [x, r.ints([axis])], { keepdims: 1 });
}

/** Hardmax: 1 at the first maximum along an axis, else 0. */
const Hardmax = activation("Hardmax", { axis: int(-1) }, "zero");

export const activations: readonly AnyOp[] = [
  Relu,
  LeakyRelu,
  PRelu,
  Elu,
  Selu,
  Celu,
  Sigmoid,
  HardSigmoid,
  HardSwish,
  Tanh,
  Softplus,
  Softsign,
  ThresholdedRelu,
  Shrink,
  Mish,
  ...gelus,
  Clip,
  Softmax,
  LogSoftmax,
  Hardmax,
];
