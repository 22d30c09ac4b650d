// Normalizations. Those with statistics of their own input have them computed again in the gradient, by few cheap nodes.

import { fail } from "../errors.ts";
import { float, int, ints } from "../graph/attributes.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import { fromFront, range } from "./axes.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { add, compare, div, inverseRoot, mul, sign, square, sub } from "./formula.ts";
import { LRN } from "./lrn.ts";
import { checkSpace } from "./space.ts";
import { type Standardized, standardize, standardizeGradient } from "./standardize.ts";

function like(x: MaybeInfo): Info {
  return { dtype: (x as Info).dtype, shape: (x as Info).shape };
}

/** Checks that parameters have one number for every channel. @throws {SHAPE_MISMATCH} */
function checkParameters([x, ...parameters]: readonly MaybeInfo[]): void {
  const { shape } = x as Info;
  const wanted = formatShape([shape.length > 1 ? (shape[1] as number) : 1]);
  const odd = parameters.find((info) => formatShape((info as Info).shape) !== wanted);
  if (odd) fail("SHAPE_MISMATCH", `a parameter has the shape ${formatShape(odd.shape)} instead of ${wanted}.`, { details: { x: shape, parameter: odd.shape } });
}

/** A parameter `[C]` as `[C,1,…]`, to broadcast over `[N,C,…]`. */
function perChannel(r: Rule, parameter: string): string {
  const channels = sizeOf(r.shape(parameter));
  return r.reshape(parameter, [
    channels,
    ...r
      .shape(r.in(0))
      .slice(2)
      .map(() => 1),
  ]);
}

/** Sums `[N,C,…]` to `[C]`, `[N]` to `[1]`. */
function sumToChannels(r: Rule, x: string): string {
  if (r.shape(x).length === 1) return r.emit("ReduceSum", [x, r.ints([0])], { keepdims: 1 });
  return r.emit("ReduceSum", [x, r.ints(range(r.shape(x).length).filter((axis) => axis !== 1))], { keepdims: 0 });
}

/** BatchNormalization with its running statistics: y = (x − μ) · f + b, f = s/√(v + ε); dx = dy · f. */
const BatchNormalization = defineOp({
  type: "BatchNormalization",
  attrs: { epsilon: float(1e-5), momentum: float(0.9), training_mode: int(0) },
  shape: (inputs, attrs, outputs) => {
    if (attrs.training_mode !== 0 || outputs > 1) failTraining();
    checkParameters(inputs);
    return [like(inputs[0])];
  },
  gradient: (r) => {
    const inverse = inverseRoot(r, add(r, r.in(4), r.attrs.epsilon));
    const factor = mul(r, r.in(1), inverse);
    return [
      r.wants(0) ? mul(r, r.dy(), perChannel(r, factor)) : undefined,
      r.wants(1) ? mul(r, momentOf(r), inverse) : undefined,
      r.wants(2) ? sumToChannels(r, r.dy()) : undefined,
      r.wants(3) ? r.emit("Neg", [mul(r, sumToChannels(r, r.dy()), factor)]) : undefined,
      r.wants(4) ? mul(r, mul(r, momentOf(r), mul(r, factor, square(r, inverse))), -0.5) : undefined,
    ];
  },
  note: "Inference only.",
});

/** Σ dy · (x − μ) for every channel: ds = moment/√(v + ε), dv = −½ · moment · s · (v + ε)^−3/2. */
function momentOf(r: Rule): string {
  return sumToChannels(r, mul(r, r.dy(), sub(r, r.in(0), perChannel(r, r.in(3)))));
}

function failTraining(): never {
  return fail("UNSUPPORTED_OPERATOR", "training_mode is on: the result would depend on the other images of the batch.", {
    hint: "Export the model in evaluation mode (`model.eval()`).",
  });
}

/** InstanceNormalization: y = x̂ · s + b, x̂ standardized over space; ds = Σ dy · x̂, db = Σ dy. */
const InstanceNormalization = defineOp({
  type: "InstanceNormalization",
  attrs: { epsilon: float(1e-5) },
  shape: (inputs) => {
    checkSpace((inputs[0] as Info).shape, 1, Number.POSITIVE_INFINITY);
    checkParameters(inputs);
    return [like(inputs[0])];
  },
  gradient: (r) => {
    const axes = range(r.shape(r.in(0)).length).slice(2);
    const standard = standardize(r, r.in(0), axes, r.attrs.epsilon);
    return [
      r.wants(0) ? standardizeGradient(r, mul(r, r.dy(), perChannel(r, r.in(1))), standard, axes) : undefined,
      r.wants(1) ? sumToChannels(r, mul(r, r.dy(), standard.normal)) : undefined,
      r.wants(2) ? sumToChannels(r, r.dy()) : undefined,
    ];
  },
});

/** GroupNormalization: y = x̂ · s + b, x̂ standardized over space and the channels of a group; ds = Σ dy · x̂, db = Σ dy. */
const GroupNormalization = defineOp({
  type: "GroupNormalization",
  attrs: { epsilon: float(1e-5), num_groups: int(1), stash_type: int(1) },
  shape: (inputs) => {
    checkParameters(inputs);
    return [like(inputs[0])];
  },
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    const groups = [shape[0] as number, r.attrs.num_groups, sizeOf(shape.slice(1)) / r.attrs.num_groups];
    const standard = standardize(r, r.reshape(r.in(0), groups), [2], r.attrs.epsilon);
    const g = () => r.reshape(mul(r, r.dy(), perChannel(r, r.in(1))), groups);
    return [
      r.wants(0) ? r.reshape(standardizeGradient(r, g(), standard, [2]), shape) : undefined,
      r.wants(1) ? sumToChannels(r, mul(r, r.dy(), r.reshape(standard.normal, shape))) : undefined,
      r.wants(2) ? sumToChannels(r, r.dy()) : undefined,
    ];
  },
});

/** LayerNormalization: y = x̂ · s + b, x̂ standardized from an axis on; ds = dy · x̂, db = dy. Further outputs: mean, 1/σ. */
const LayerNormalization = defineOp({
  type: "LayerNormalization",
  attrs: { axis: int(-1), epsilon: float(1e-5), stash_type: int(1) },
  shape: ([x], { axis }, outputs) => {
    const { shape } = x as Info;
    const statistic: Info = { dtype: "float32", shape: shape.map((d, i) => (i < fromFront(axis, shape.length) ? d : 1)) };
    return [like(x), statistic, statistic].slice(0, Math.max(outputs, 1));
  },
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    const axes = range(shape.length).slice(fromFront(r.attrs.axis, shape.length));
    const n = sizeOf(axes.map((axis) => shape[axis] as number));
    const standard = standardize(r, r.in(0), axes, r.attrs.epsilon);
    return [
      r.wants(0) ? withStatistics(r, standardizeGradient(r, mul(r, r.dy(), r.in(1)), standard, axes), standard, n) : undefined,
      r.wants(1) ? mul(r, r.dy(), standard.normal) : undefined,
      r.dy(),
    ];
  },
});

/** What flows into the mean and into 1/σ: dmean/n − d(1/σ) · x̂/σ² / n. */
function withStatistics(r: Rule, dx: string, { normal, inverse }: Standardized, n: number): string {
  const withMean = r.flows(1) ? add(r, dx, mul(r, r.dy(1), 1 / n)) : dx;
  return r.flows(2) ? sub(r, withMean, mul(r, normal, mul(r, mul(r, r.dy(2), square(r, inverse)), 1 / n))) : withMean;
}

/** MeanVarianceNormalization: y = x̂, standardized over some axes. */
const MeanVarianceNormalization = defineOp({
  type: "MeanVarianceNormalization",
  attrs: { axes: ints([0, 2, 3]) },
  shape: ([x]) => [like(x)],
  gradient: (r) => [standardizeGradient(r, r.dy(), standardize(r, r.in(0), r.attrs.axes, 1e-9), r.attrs.axes)],
});

/** LpNormalization: y = x/n, n the norm along an axis; dx = (dy − s · Σ y · dy)/n, s = y where p = 2, sign x where p = 1. 0 where n = 0. */
const LpNormalization = defineOp({
  type: "LpNormalization",
  attrs: { axis: int(-1), p: int(2) },
  shape: ([x]) => [like(x)],
  gradient: (r) => {
    const { axis, p } = r.attrs;
    const [x, y, axes] = [r.in(0), r.out(0), r.ints([axis])];
    const norm = r.emit(p === 1 ? "ReduceL1" : "ReduceL2", [x, axes], { keepdims: 1 });
    const inverse = r.emit("Where", [compare(r, "Equal", norm, 0), r.scalar(0), div(r, 1, norm)]);
    const along = r.emit("ReduceSum", [mul(r, y, r.dy()), axes], { keepdims: 1 });
    return [mul(r, inverse, sub(r, r.dy(), mul(r, p === 1 ? sign(r, x) : y, along)))];
  },
});

export const normalizations: readonly AnyOp[] = [
  BatchNormalization,
  InstanceNormalization,
  GroupNormalization,
  LayerNormalization,
  MeanVarianceNormalization,
  LpNormalization,
  LRN,
];
