// Dense layers and their kin.

import { activate } from "./activate.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { Value } from "./value.ts";
import { type Seen, weight, when } from "./weight-spec.ts";

/** y = x · kernel + bias over the last axis. On pictures it is a 1×1 convolution, so that they stay channels first. */
const Dense: LayerDef = {
  kind: "Dense",
  weights: (config) => {
    const units = config.int("units");
    return [
      weight("kernel", ({ shapes: [x = []] }) => [x.at(-1) as number, units]),
      ...when(
        config.flag("use_bias", true),
        weight("bias", () => [units]),
      ),
    ];
  },
  emit: (w) => {
    const bias = w.config.flag("use_bias", true) ? [w.weight("bias")] : [];
    return activate(w, dense(w, w.input, w.weight("kernel"), bias));
  },
};

function dense(w: LayerWriter, input: Value, kernel: string, bias: readonly string[]): Value {
  const rank = w.shape(input).length;
  if (rank === 2) return { tensor: w.emit("Gemm", [w.own(input), kernel, ...bias]) };
  if (rank > 3 && w.axis(input, -1) === 1) {
    const [inputs, units] = w.graphShape(kernel) as [number, number];
    const pointwise = w.state.graph.reshape(w.transpose(kernel, [1, 0]), [units, inputs, ...new Array<number>(rank - 2).fill(1)]);
    return { ...input, tensor: w.emit("Conv", [input.tensor, pointwise, ...bias]) };
  }
  const product = w.emit("MatMul", [w.own(input), kernel]);
  return w.fromOwn(bias.length ? w.emit("Add", [product, bias[0] as string]) : product);
}

/** An einsum of the input and a kernel: `abc,cd->abd`. An ellipsis stands for axes at one side. */
const EinsumDense: LayerDef = {
  kind: "EinsumDense",
  weights: (config) => [
    weight("kernel", () => undefined),
    ...when(
      config.raw("bias_axes") !== undefined,
      weight("bias", () => undefined),
    ),
  ],
  emit: (w) => {
    const equation = w.config.text("equation").replaceAll(" ", "");
    const product = w.emit("Einsum", [w.own(w.input), w.weight("kernel")], { equation });
    const biased = w.config.raw("bias_axes") === undefined ? product : w.emit("Add", [product, w.weight("bias")]);
    return activate(w, w.fromOwn(biased));
  },
};

/** Rows of a table by number. */
const Embedding: LayerDef = {
  kind: "Embedding",
  weights: (config) => [weight("embeddings", () => [config.int("input_dim"), config.int("output_dim")])],
  emit: (w) => {
    if (w.config.flag("mask_zero", false)) w.fail("UNSUPPORTED_LAYER", "masks zeros (mask_zero)", "Save the model with mask_zero=False.");
    const index = w.emit("Cast", [w.own(w.input)], { to: 7 });
    return w.fromOwn(w.emit("Gather", [w.weight("embeddings"), index], { axis: 0 }));
  },
};

/** Keras 1: the largest of several linear maps. */
const MaxoutDense: LayerDef = {
  kind: "MaxoutDense",
  weights: (config) => {
    const [parts, size] = [config.int("nb_feature", 4), config.int("output_dim")];
    return [
      weight("W", ({ shapes: [x = []] }) => [parts, x.at(-1) as number, size]),
      ...when(
        config.flag("use_bias", true),
        weight("b", () => [parts, size]),
      ),
    ];
  },
  emit: (w) => {
    const product = w.emit("Einsum", [w.own(w.input), w.weight("W")], { equation: "ni,pio->npo" });
    const biased = w.config.flag("use_bias", true) ? w.emit("Add", [product, w.weight("b")]) : product;
    return { tensor: w.emit("ReduceMax", [biased, w.ints([1])], { keepdims: 0 }) };
  },
};

/** Keras 1: a gate between a dense layer and its own input. */
const Highway: LayerDef = {
  kind: "Highway",
  weights: (config) => {
    const square = ({ shapes: [x = []] }: Seen) => [x.at(-1) as number, x.at(-1) as number];
    const bias = config.flag("use_bias", true);
    const size = ({ shapes: [x = []] }: Seen) => [x.at(-1) as number];
    return [weight("W", square), weight("W_carry", square), ...when(bias, weight("b", size), weight("b_carry", size))];
  },
  emit: (w) => {
    const x = w.own(w.input);
    const bias = w.config.flag("use_bias", true);
    const linear = (kernel: string, shift: string) => w.emit("Gemm", [x, w.weight(kernel), ...(bias ? [w.weight(shift)] : [])]);
    const gate = w.emit("Sigmoid", [linear("W_carry", "b_carry")]);
    const through = w.emit("Mul", [activate(w, { tensor: linear("W", "b") }).tensor, gate]);
    return { tensor: w.emit("Add", [through, w.emit("Mul", [w.emit("Sub", [w.scalar(1), gate]), x])]) };
  },
};

export const coreLayers: readonly LayerDef[] = [Dense, EinsumDense, Embedding, MaxoutDense, Highway];
