// Operations that bring tensors to a length, a mean or a spread, and attention.

import { add, div, inverseRoot, mul, sub } from "../../../ops/formula.ts";
import type { Json } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, counting, intOption, number, numberOption, option, optionalOperand, ownOperand, tensorOperand, truth } from "./operands.ts";
import { swapLast } from "./products.ts";
import { NAMES, reduceBy, reduced, varianceOf } from "./reduction.ts";

/** What Keras adds or compares with where no epsilon is given. */
const EPSILON = 1e-7;

const [sumOf, meanOf, maxOf, minOf] = ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin"].map(reduceBy) as [Of, Of, Of, Of];
type Of = ReturnType<typeof reduceBy>;

/** (Σ |x|ⁿ)^(1/n) of vectors, with its limits for n = 0 and ±∞. */
function lengthOf(w: LayerWriter, x: string, order: Json, axes: readonly number[], keepdims: 0 | 1): string {
  const magnitude = w.emit("Abs", [x]);
  if (order === 2 || order === "fro" || order === "euclidean") return w.emit("Sqrt", [sumOf(w, mul(w, x, x), axes, keepdims)]);
  if (order === 1) return sumOf(w, magnitude, axes, keepdims);
  if (order === 0) return sumOf(w, number(w, truth(w, x)), axes, keepdims);
  if (order === "inf" || order === Number.POSITIVE_INFINITY) return maxOf(w, magnitude, axes, keepdims);
  if (order === Number.NEGATIVE_INFINITY) return minOf(w, magnitude, axes, keepdims);
  if (typeof order !== "number") return w.fail("UNSUPPORTED_LAYER", `takes the norm of order ${JSON.stringify(order)}`);
  return w.emit("Pow", [sumOf(w, w.emit("Pow", [magnitude, w.scalar(order)]), axes, keepdims), w.scalar(1 / order)]);
}

/** Of matrices: the largest or least sum of magnitudes of a column (±1) or a row (±∞). Those of singular values are refused. */
function matrixNorm(w: LayerWriter, x: string, order: Json, [rows, columns]: readonly [number, number]): string | undefined {
  const infinite = order === Number.POSITIVE_INFINITY || order === Number.NEGATIVE_INFINITY;
  if (order !== 1 && order !== -1 && !infinite) return undefined;
  const sums = sumOf(w, w.emit("Abs", [x]), [infinite ? columns : rows], 1);
  return (order > 0 ? maxOf : minOf)(w, sums, [infinite ? rows : columns], 1);
}

function norm(w: LayerWriter): Value {
  const order = option(w, 1, "ord") ?? 2;
  const named = option(w, 1, "ord") !== undefined;
  return reduced(
    w,
    tensorOperand(w, 0, ...NAMES),
    (t, axes, keepdims) => {
      const x = number(w, t);
      if (axes.length !== 2 || !named || order === "fro" || order === "euclidean") return lengthOf(w, x, order, axes, keepdims);
      const kept =
        matrixNorm(w, x, order, axes as [number, number]) ?? w.fail("UNSUPPORTED_LAYER", `takes the norm of order ${JSON.stringify(order)} of matrices`);
      return keepdims ? kept : w.emit("Squeeze", [kept, w.ints(axes)]);
    },
    2,
  );
}

/** x / max(|x|, ε) along axes. */
function normalize(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const axes = (axesOption(w, 1, "axis") ?? [-1]).map((axis) => w.axis(value, axis));
  const order = option(w, 2, "order") ?? 2;
  const epsilon = numberOption(w, EPSILON, 3, "epsilon");
  // Of squares the root is taken last.
  if (order === 2)
    return {
      ...value,
      tensor: mul(w, value.tensor, inverseRoot(w, w.emit("Max", [sumOf(w, mul(w, value.tensor, value.tensor), axes, 1), w.scalar(epsilon ** 2)]))),
    };
  return { ...value, tensor: div(w, value.tensor, w.emit("Max", [lengthOf(w, value.tensor, order, axes, 1), w.scalar(epsilon)])) };
}

/** A scale or shift over the axes that are normalized, beside a tensor in Keras's order. */
function acrossAxes(w: LayerWriter, vector: string, x: string, axes: readonly number[]): string {
  const shape = w.graphShape(vector);
  const wanted = w.graphShape(x).map((d, i) => (axes.includes(i) ? d : 1));
  return shape.length === axes.length && shape.length > 0 ? w.state.graph.reshape(vector, wanted) : vector;
}

/** (x − mean) / √(variance + ε) along axes, scaled and shifted; or without the mean. */
const standardized = (rms: boolean) => (w: LayerWriter) => {
  const x = number(w, w.own(tensorOperand(w, 0, ...NAMES)));
  const axes = (axesOption(w, 9, "axis") ?? [-1]).map((axis) => w.axis({ tensor: x }, axis)).sort((a, b) => a - b);
  const plain = rms || option(w, 9, "rms_scaling") === true;
  const power = plain && rms ? meanOf(w, mul(w, x, x), axes, 1) : varianceOf(w, x, axes, 1);
  const centered = plain ? x : sub(w, x, meanOf(w, x, axes, 1));
  const scaled = mul(w, centered, inverseRoot(w, add(w, power, numberOption(w, EPSILON, 9, "epsilon"))));
  const [scale, shift] = [optionalOperand(w, 1, rms ? "scale" : "gamma"), rms ? undefined : optionalOperand(w, 2, "beta")];
  const times = scale === undefined ? scaled : mul(w, scaled, acrossAxes(w, scale, x, axes));
  return w.fromOwn(shift === undefined ? times : add(w, times, acrossAxes(w, shift, x, axes)));
};

/** (x − mean) / √(variance + ε) · scale + offset, with numbers for every place along an axis. */
function batchNorm(w: LayerWriter): Value {
  const x = number(w, w.own(tensorOperand(w, 0, "x")));
  const axis = w.axis({ tensor: x }, intOption(w, -1, 9, "axis"));
  const wide = (vector: string | undefined) =>
    vector === undefined || w.graphShape(vector).length !== 1
      ? vector
      : w.state.graph.reshape(
          vector,
          w.graphShape(x).map((d, i) => (i === axis ? d : 1)),
        );
  const [mean, variance] = [wide(ownOperand(w, 1, "mean")), wide(ownOperand(w, 2, "variance"))] as [string, string];
  const [offset, scale] = [wide(optionalOperand(w, 3, "offset")), wide(optionalOperand(w, 4, "scale"))];
  const root = inverseRoot(w, add(w, variance, numberOption(w, 1e-3, 9, "epsilon", "variance_epsilon")));
  const y = mul(w, sub(w, x, mean), scale === undefined ? root : mul(w, root, scale));
  return w.fromOwn(offset === undefined ? y : add(w, y, offset));
}

/** What a hidden score becomes. */
const HIDDEN = -0.7 * 3.4028234663852886e38;

/** softmax(q · kᵀ · scale + bias) · v, for tensors [batch, places, heads, size]. */
function attention(w: LayerWriter): Value {
  const [q, k, v] = (["query", "key", "value"] as const).map((name, i) => w.transpose(ownOperand(w, i, name), [0, 2, 1, 3])) as [string, string, string];
  const [keys, values] = [k, v].map((x) => forHeads(w, x, w.graphShape(q)[1] as number)) as [string, string];
  const scale = option(w, 5, "scale") ?? 1 / Math.sqrt(w.graphShape(k)[3] as number);
  if (typeof scale !== "number") return w.fail("UNSUPPORTED_LAYER", "is scaled by a tensor");
  if ((option(w, 9, "attn_logits_soft_cap") ?? null) !== null) w.fail("UNSUPPORTED_LAYER", "caps its scores");
  const scores = mul(w, w.emit("MatMul", [q, swapLast(w, keys)]), scale);
  const [bias, mask] = [optionalOperand(w, 3, "bias"), optionalOperand(w, 4, "mask")];
  const biased = bias === undefined ? scores : add(w, scores, bias);
  const masked = mask === undefined ? biased : w.emit("Where", [truth(w, mask), biased, w.scalar(HIDDEN)]);
  const seen = option(w, 9, "is_causal") === true ? w.emit("Where", [earlier(w, w.graphShape(scores)), masked, w.scalar(HIDDEN)]) : masked;
  return w.fromOwn(w.transpose(w.emit("MatMul", [w.emit("Softmax", [seen], { axis: -1 }), values]), [0, 2, 1, 3]));
}

/** Keys or values once for every head that shares them. */
function forHeads(w: LayerWriter, x: string, heads: number): string {
  const [batch, own, places, size] = w.graphShape(x) as [number, number, number, number];
  if (own === heads || own === 1) return x;
  const times = heads / own;
  if (!Number.isInteger(times)) w.fail("BAD_MODEL", `has ${heads} heads for ${own}`);
  return w.state.graph.reshape(w.emit("Tile", [w.emit("Unsqueeze", [x, w.ints([2])]), w.ints([1, 1, times, 1, 1])]), [batch, heads, places, size]);
}

/** Whether a key's place is not behind the query's. */
function earlier(w: LayerWriter, shape: readonly number[]): string {
  const [queries, keys] = shape.slice(-2) as [number, number];
  return w.emit("GreaterOrEqual", [w.state.graph.reshape(counting(w, queries), [queries, 1]), w.state.graph.reshape(counting(w, keys), [1, keys])]);
}

export const normalizationOperators: Operators = {
  batch_norm: batchNorm,
  dot_product_attention: attention,
  l2_normalize: (w) => {
    const value = tensorOperand(w, 0, ...NAMES);
    const axes = (axesOption(w, 1, "axis") ?? w.shape(value).map((_, i) => i)).map((axis) => w.axis(value, axis));
    const power = w.emit("Max", [sumOf(w, mul(w, value.tensor, value.tensor), axes, 1), w.scalar(numberOption(w, 1e-12, 2, "epsilon"))]);
    return { ...value, tensor: mul(w, value.tensor, inverseRoot(w, power)) };
  },
  layer_norm: standardized(false),
  norm,
  normalize,
  rms_norm: standardized(true),
};
