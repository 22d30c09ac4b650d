// Layers that shift and scale their input by fixed or learned numbers: preprocessing inside the model, and learned scales.

import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { passesOnSince3 } from "./masks.ts";
import { type Seen, weight, when } from "./weight-spec.ts";

/** Numbers of an option as a constant: a scalar, or one for each channel. */
function perChannel(w: LayerWriter, numbers: readonly number[]): string {
  return numbers.length === 1 ? w.scalar(numbers[0] as number) : w.beside(w.constant(numbers), w.input);
}

/** y = x · scale + offset. */
const Rescaling: LayerDef = {
  kind: "Rescaling",
  masks: passesOnSince3,
  emit: (w) => {
    const [scale, offset] = [w.config.numbers("scale"), w.config.numbers("offset", [0])];
    const scaled = w.emit("Mul", [w.input.tensor, perChannel(w, scale)]);
    return { ...w.input, tensor: offset.every((n) => n === 0) ? scaled : w.emit("Add", [scaled, perChannel(w, offset)]) };
  },
};

/** y = (x − mean) / max(√variance, 1e-7), or its inverse; mean and variance from the options or adapted to data. */
const Normalization: LayerDef = {
  kind: "Normalization",
  masks: passesOnSince3,
  weights: (config) => {
    const shape = ({ shapes: [x = []] }: Seen) =>
      keptAxes(config.raw("axis") === undefined ? [] : config.intList("axis"), x.length).map((axis) => x[axis] as number);
    return when(
      config.raw("mean") === undefined,
      weight("mean", shape, { trainable: false }),
      weight("variance", shape, { trainable: false }),
      weight("count", () => [], { trainable: false }),
    );
  },
  emit: (w) => {
    const mean = statistics(w, "mean");
    const deviation = w.emit("Max", [w.emit("Sqrt", [statistics(w, "variance")]), w.scalar(1e-7)]);
    const x = w.input.tensor;
    const y = w.config.flag("invert", false) ? w.emit("Add", [mean, w.emit("Mul", [x, deviation])]) : w.emit("Div", [w.emit("Sub", [x, mean]), deviation]);
    return { ...w.input, tensor: y };
  },
};

function keptAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

/** The mean or variance, spread over the axes that it belongs to. */
function statistics(w: LayerWriter, name: "mean" | "variance"): string {
  const shape = w.shape(w.input);
  const kept = keptAxes(w.config.raw("axis") === undefined ? [] : w.config.intList("axis", [-1]), shape.length);
  if (w.config.raw("mean") === undefined) {
    return w.beside(
      w.state.graph.reshape(
        w.weight(name),
        shape.map((d, i) => (kept.includes(i) ? d : 1)),
      ),
      w.input,
    );
  }
  const numbers = w.config.numbers(name);
  if (numbers.length === 1) return w.scalar(numbers[0] as number);
  const full = shape.map((d, i) => (kept.includes(i) ? d : 1));
  if (full.reduce((n, d) => n * d, 1) !== numbers.length)
    w.fail("BAD_MODEL", `has ${numbers.length} numbers as its "${name}" for an input of shape [${shape.join(", ")}]`);
  return w.beside(w.constant(numbers, full), w.input);
}

/** ConvNeXt's scale per channel. */
const LayerScale: LayerDef = {
  kind: "LayerScale",
  weights: () => [weight("gamma", ({ shapes: [x = []] }) => [x.at(-1) as number])],
  emit: (w) => ({ ...w.input, tensor: w.emit("Mul", [w.input.tensor, w.beside(w.weight("gamma"), w.input)]) }),
};

/** Inception-ResNet's residual: x + residual · scale. */
const CustomScaleLayer: LayerDef = {
  kind: "CustomScaleLayer",
  emit: (w) => {
    const { tensors, order } = w.aligned(w.inputs);
    const [x, residual] = tensors;
    if (!x || !residual) return w.fail("BAD_MODEL", "needs two inputs");
    const sum = w.emit("Add", [x, w.emit("Mul", [residual, w.scalar(w.config.number("scale"))])]);
    return order ? { tensor: sum, order } : w.fromOwn(sum);
  },
};

/** Every channel of every picture stretched over the whole range of values; channels of one value stay. */
const AutoContrast: LayerDef = {
  kind: "AutoContrast",
  emit: (w) => {
    const [least = 0, most = 255] = w.config.numbers("value_range", [0, 255]);
    if (w.shape(w.input).length !== 4) w.fail("UNSUPPORTED_LAYER", "works on single pictures");
    const x = w.input.tensor;
    const axes = w.ints([w.axis(w.input, 1), w.axis(w.input, 2)]);
    const low = w.emit("ReduceMin", [x, axes], { keepdims: 1 });
    const range = w.emit("Sub", [w.emit("ReduceMax", [x, axes], { keepdims: 1 }), low]);
    const flat = w.emit("Equal", [range, w.scalar(0)]);
    const share = w.emit("Div", [w.emit("Sub", [x, low]), w.emit("Where", [flat, w.scalar(1), range])]);
    const stretched = w.emit("Add", [w.emit("Mul", [share, w.scalar(most - least)]), w.scalar(least)]);
    return { ...w.input, tensor: w.emit("Where", [flat, x, stretched]) };
  },
};

export const scalingLayers: readonly LayerDef[] = [Rescaling, Normalization, LayerScale, CustomScaleLayer, AutoContrast];
