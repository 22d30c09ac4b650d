// Activations as layers.

import { activate } from "./activate.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { asNumbers, passesOn, truth } from "./masks.ts";
import type { Value } from "./value.ts";
import { weight } from "./weight-spec.ts";

/** A layer that works on every element, wherever its axes lie. */
function elementwise(kind: string, y: (w: LayerWriter, x: string) => string): LayerDef {
  return { kind, masks: passesOn, emit: (w) => ({ ...w.input, tensor: y(w, w.input.tensor) }) };
}

const Activation: LayerDef = { kind: "Activation", masks: passesOn, emit: (w) => activate(w, w.input) };

/** As Keras computes it: x where x > threshold, at most max_value, and negative_slope · (x − threshold) below. */
function relu(w: LayerWriter, x: string): string {
  const threshold = w.config.number("threshold", 0);
  const slope = w.config.number("negative_slope", 0);
  const max = w.config.raw("max_value") === undefined ? Number.POSITIVE_INFINITY : w.config.number("max_value");
  if (threshold === 0 && slope !== 0 && max === Number.POSITIVE_INFINITY) return w.emit("LeakyRelu", [x], { alpha: slope });
  const positive = threshold === 0 ? (max === Number.POSITIVE_INFINITY ? w.emit("Relu", [x]) : x) : above(w, x, threshold);
  const capped = max === Number.POSITIVE_INFINITY ? positive : w.emit("Clip", [positive, w.scalar(0), w.scalar(max)]);
  if (slope === 0) return capped;
  const below = w.emit("Relu", [w.emit("Sub", [w.scalar(threshold), x])]);
  return w.emit("Sub", [capped, w.emit("Mul", [below, w.scalar(slope)])]);
}

function above(w: LayerWriter, x: string, threshold: number): string {
  return w.emit("Where", [w.emit("Greater", [x, w.scalar(threshold)]), x, w.scalar(0)]);
}

/** y = x where x > 0, else alpha · x. Keras 1 does not say which axes share their slope: the weight's shape does. */
const PReLU: LayerDef = {
  kind: "PReLU",
  weights: (config) => [
    weight("alpha", ({ shapes: [x = []] }) => {
      if (config.raw("shared_axes") === undefined) return undefined;
      const shared = config.intList("shared_axes");
      return x.slice(1).map((size, i) => (shared.includes(i + 1) ? 1 : size));
    }),
  ],
  masks: passesOn,
  emit: (w) => ({ ...w.input, tensor: w.emit("PRelu", [w.input.tensor, w.beside(w.weight("alpha"), w.input)]) }),
};

/** Keras 1: y = alpha · log(1 + exp(beta · x)). */
const ParametricSoftplus: LayerDef = {
  kind: "ParametricSoftplus",
  weights: () => [weight("alpha", () => undefined), weight("beta", () => undefined)],
  emit: (w) => {
    const [alpha, beta] = ["alpha", "beta"].map((name) => w.beside(w.weight(name), w.input)) as [string, string];
    return { ...w.input, tensor: w.emit("Mul", [w.emit("Softplus", [w.emit("Mul", [beta, w.input.tensor])]), alpha]) };
  },
};

/** Keras 1: three lines that meet at `left` and `left + |width|`, of the slopes `below`, 1 and `above`; the middle one is x. */
const SReLU: LayerDef = {
  kind: "SReLU",
  weights: () => ["left", "below", "width", "above"].map((name) => weight(name, () => undefined)),
  emit: (w) => {
    const x = w.input.tensor;
    const [left, below, width, above] = ["left", "below", "width", "above"].map((name) => w.beside(w.weight(name), w.input)) as [
      string,
      string,
      string,
      string,
    ];
    const right = w.emit("Add", [left, w.emit("Abs", [width])]);
    const line = (from: string, slope: string) => w.emit("Mul", [w.emit("Sub", [x, from]), slope]);
    const low = w.emit("Where", [w.emit("Less", [x, left]), w.emit("Add", [left, line(left, below)]), x]);
    return { ...w.input, tensor: w.emit("Where", [w.emit("Greater", [x, right]), w.emit("Add", [right, line(right, above)]), low]) };
  },
};

const Softmax: LayerDef = {
  kind: "Softmax",
  masks: passesOn,
  emit: (w) => {
    const counts = w.state.masks.softmax ? w.masks[0]?.() : undefined;
    return counts === undefined ? softmax(w, w.input) : maskedSoftmax(w, truth(w.state, counts));
  },
};

function softmax(w: LayerWriter, input: Value): Value {
  const axes = w.config.intList("axis", [-1]).map((axis) => w.axis(input, axis));
  if (axes.length === 1) return { ...input, tensor: w.emit("Softmax", [input.tensor], { axis: axes[0] }) };
  const largest = w.emit("ReduceMax", [input.tensor, w.ints(axes)], { keepdims: 1 });
  const powers = w.emit("Exp", [w.emit("Sub", [input.tensor, largest])]);
  return { ...input, tensor: w.emit("Div", [powers, w.emit("ReduceSum", [powers, w.ints(axes)], { keepdims: 1 })]) };
}

/** What does not count is far below all else; since Keras 3, nothing is left of it even where nothing counts. */
function maskedSoftmax(w: LayerWriter, counts: string): Value {
  const x = w.own(w.input);
  if (w.state.masks.keras3) {
    const y = softmax(w, { tensor: w.emit("Where", [counts, x, w.scalar(-1e9)]) });
    return w.fromOwn(w.emit("Where", [counts, y.tensor, w.scalar(0)]));
  }
  const lowered = w.emit("Mul", [w.emit("Sub", [w.scalar(1), asNumbers(w, counts)]), w.scalar(-1e9)]);
  return w.fromOwn(softmax(w, { tensor: w.emit("Add", [x, lowered]) }).tensor);
}

export const activationLayers: readonly LayerDef[] = [
  Activation,
  elementwise("ReLU", relu),
  elementwise("LeakyReLU", (w, x) => w.emit("LeakyRelu", [x], { alpha: w.config.number("negative_slope", 0.3) })),
  elementwise("ELU", (w, x) => w.emit("Elu", [x], { alpha: w.config.number("alpha", 1) })),
  elementwise("ThresholdedReLU", (w, x) => above(w, x, w.config.number("theta", 1))),
  PReLU,
  ParametricSoftplus,
  SReLU,
  Softmax,
];
