// Normalizations with learned statistics or over the input itself.

import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { passesOn } from "./masks.ts";
import type { Value } from "./value.ts";
import { type WeightSpec, weight, when } from "./weight-spec.ts";

/** An axis that an option names, alone or in a list of one ([3] in tf.keras). */
function oneAxis(w: LayerWriter): number {
  if (w.config.raw("virtual_batch_size") !== undefined) w.fail("UNSUPPORTED_LAYER", "normalizes virtual batches");
  const [axis, ...more] = w.config.intList("axis", [-1]);
  if (axis === undefined || more.length > 0) return w.fail("UNSUPPORTED_LAYER", "normalizes over several axes at once");
  w.axis(w.input, axis);
  return axis;
}

const sizeAt = (axis: number, shape: readonly number[]) => shape.at(axis) as number;

/** `gamma` and `beta` over the axes in question, if the options ask for them. */
const affine = (config: Config, shape: WeightSpec["shape"]) => [
  ...when(config.flag("scale", true), weight("gamma", shape)),
  ...when(config.flag("center", true), weight("beta", shape)),
];

/** Scale and shift, or ones and zeros where the layer has none. */
function scaleAndShift(w: LayerWriter, size: number): [scale: string, shift: string] {
  return [
    w.config.flag("scale", true) ? w.weight("gamma") : w.emit("Expand", [w.scalar(1), w.ints([size])]),
    w.config.flag("center", true) ? w.weight("beta") : w.emit("Expand", [w.scalar(0), w.ints([size])]),
  ];
}

/** The value with one of Keras's axes at graph axis 1, the others in their order. */
function withAxisAtOne(w: LayerWriter, value: Value, axis: number): Value {
  const rank = w.shape(value).length;
  const own = axis < 0 ? axis + rank : axis;
  const order = Array.from({ length: rank }, (_, i) => (i === 0 ? 0 : i === own ? 1 : i < own ? i + 1 : i));
  const plain = order.every((to, i) => to === i);
  return { tensor: w.arrange(value, plain ? undefined : order), ...(plain ? {} : { order }) };
}

/** y = gamma · (x − moving_mean) / √(moving_variance + ε) + beta, as at inference. */
const BatchNormalization: LayerDef = {
  kind: "BatchNormalization",
  weights: (config) => {
    const axis = config.intList("axis", [-1])[0] ?? -1;
    const size: WeightSpec["shape"] = ({ shapes }) => [sizeAt(axis, shapes[0] ?? [])];
    // Renormalization is of training; what it keeps lies in the files all the same.
    const kept = ["moving_mean", "moving_variance", ...(config.flag("renorm", false) ? ["moving_stddev", "renorm_mean", "renorm_stddev"] : [])];
    return [...affine(config, size), ...kept.map((name) => weight(name, size, { trainable: false }))];
  },
  masks: passesOn,
  emit: (w) => {
    const mode = w.config.int("mode", 0);
    if (mode === 1) return perSample(w);
    const value = withAxisAtOne(w, w.input, oneAxis(w));
    const [scale, shift] = scaleAndShift(w, w.graphShape(value.tensor)[1] as number);
    const statistics = mode === 2 ? ofBatch(w, value.tensor) : [w.weight("moving_mean"), w.weight("moving_variance")];
    const inputs = [value.tensor, scale, shift, ...statistics];
    return { ...value, tensor: w.emit("BatchNormalization", inputs, { epsilon: w.config.number("epsilon", 1e-3) }) };
  },
};

/** Keras 1's mode 1: every sample by its own mean and deviation over the last axis. */
function perSample(w: LayerWriter): Value {
  const x = w.own(w.input);
  const axes = w.ints([-1]);
  const centered = w.emit("Sub", [x, w.emit("ReduceMean", [x, axes], { keepdims: 1 })]);
  const variance = w.emit("ReduceMean", [w.emit("Mul", [centered, centered]), axes], { keepdims: 1 });
  const epsilon = w.scalar(w.config.number("epsilon", 1e-3));
  const deviation = w.emit("Add", [w.emit("Sqrt", [w.emit("Add", [variance, epsilon])]), epsilon]);
  const normal = w.emit("Div", [centered, deviation]);
  return w.fromOwn(w.emit("Add", [w.emit("Mul", [normal, w.weight("gamma")]), w.weight("beta")]));
}

/** Keras 1's mode 2: mean and variance of the batch itself, also once the network is trained. @param x channels at axis 1 */
function ofBatch(w: LayerWriter, x: string): [mean: string, variance: string] {
  const axes = w.graphShape(x).flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const mean = (values: string, keepdims: number) => w.emit("ReduceMean", [values, w.ints(axes)], { keepdims });
  const centered = w.emit("Sub", [x, mean(x, 1)]);
  return [mean(x, 0), mean(w.emit("Mul", [centered, centered]), 0)];
}

/** Axes of an option, sorted and counted from the front. */
function ownAxes(config: Config, rank: number): number[] {
  return config
    .intList("axis", [-1])
    .map((axis) => (axis < 0 ? axis + rank : axis))
    .sort((a, b) => a - b);
}

/** The tensor with `axes` behind all others, and how its axes lie then. */
function withAxesLast(w: LayerWriter, value: Value, axes: readonly number[]): Value {
  const rank = w.shape(value).length;
  const places = [...Array.from({ length: rank }, (_, i) => i).filter((i) => !axes.includes(i)), ...axes];
  const order = Array.from({ length: rank }, (_, i) => places.indexOf(i));
  return order.every((to, i) => to === i) ? { tensor: w.own(value) } : { tensor: w.arrange(value, order), order };
}

/** Sizes of the axes. Of several, generations of Keras save them in different orders, and take the numbers in the axes' own. */
function axesShape(config: Config): WeightSpec["shape"] {
  return ({ shapes: [x = []] }) => {
    const axes = ownAxes(config, x.length);
    return axes.length > 1 ? undefined : axes.map((axis) => x[axis] as number);
  };
}

/** y = gamma · (x − mean) / √(variance + ε) + beta, over the axes in question. */
const LayerNormalization: LayerDef = {
  kind: "LayerNormalization",
  weights: (config) => affine(config, axesShape(config)),
  masks: passesOn,
  emit: (w) => {
    if (w.config.flag("rms_scaling", false)) w.fail("UNSUPPORTED_LAYER", "uses rms_scaling", "Use RMSNormalization instead.");
    const rank = w.shape(w.input).length;
    const axes = ownAxes(w.config, rank);
    const value = withAxesLast(w, w.input, axes);
    const shape = w.graphShape(value.tensor).slice(rank - axes.length);
    const kept = (name: string) => w.state.graph.reshape(w.weight(name), shape);
    const scale = w.config.flag("scale", true) ? kept("gamma") : w.emit("Expand", [w.scalar(1), w.ints(shape)]);
    const shift = w.config.flag("center", true) ? [kept("beta")] : [];
    const attrs = { axis: rank - axes.length, epsilon: w.config.number("epsilon", 1e-3) };
    return w.fromOwn(w.own({ ...value, tensor: w.emit("LayerNormalization", [value.tensor, scale, ...shift], attrs) }));
  },
};

/** y = scale · x / √(mean(x²) + ε) over the axes in question. */
const RMSNormalization: LayerDef = {
  kind: "RMSNormalization",
  weights: (config) => [weight("scale", ({ shapes: [x = []] }) => ownAxes(config, x.length).map((axis) => x[axis] as number))],
  emit: (w) => {
    const rank = w.shape(w.input).length;
    const axes = ownAxes(w.config, rank);
    const value = withAxesLast(w, w.input, axes);
    const x = value.tensor;
    const mean = w.emit("ReduceMean", [w.emit("Mul", [x, x]), w.ints(axes.map((_, i) => i - axes.length))], { keepdims: 1 });
    const root = w.emit("Sqrt", [w.emit("Add", [mean, w.scalar(w.config.number("epsilon", 1e-6))])]);
    return w.fromOwn(w.own({ ...value, tensor: w.emit("Mul", [w.emit("Div", [x, root]), w.weight("scale")]) }));
  },
};

/** Channels in groups, each normalized by its own mean and variance over the picture. */
const GroupNormalization: LayerDef = {
  kind: "GroupNormalization",
  weights: (config) => affine(config, ({ shapes: [x = []] }) => [sizeAt(config.int("axis", -1), x)]),
  masks: passesOn,
  emit: (w) => {
    const value = withAxisAtOne(w, w.input, oneAxis(w));
    const shape = w.graphShape(value.tensor);
    const channels = shape[1] as number;
    const groups = w.config.int("groups", 32);
    const [scale, shift] = scaleAndShift(w, channels);
    // The operator wants at least one axis besides the channels.
    const x = shape.length === 2 ? w.reshape(value.tensor, [channels, 1]) : value.tensor;
    const attrs = { num_groups: groups === -1 ? channels : groups, epsilon: w.config.number("epsilon", 1e-3) };
    const y = w.emit("GroupNormalization", [x, scale, shift], attrs);
    return { ...value, tensor: shape.length === 2 ? w.reshape(y, [channels]) : y };
  },
};

/** y = x / √max(Σx², 1e-12) over the axes in question. */
const UnitNormalization: LayerDef = {
  kind: "UnitNormalization",
  masks: passesOn,
  emit: (w) => {
    const { input } = w;
    const axes = w.config.intList("axis", [-1]).map((axis) => w.axis(input, axis));
    const x = input.tensor;
    const sum = w.emit("ReduceSum", [w.emit("Mul", [x, x]), w.ints(axes)], { keepdims: 1 });
    return { ...input, tensor: w.emit("Div", [x, w.emit("Sqrt", [w.emit("Max", [sum, w.scalar(1e-12)])])]) };
  },
};

export const normalizationLayers: readonly LayerDef[] = [BatchNormalization, LayerNormalization, RMSNormalization, GroupNormalization, UnitNormalization];
