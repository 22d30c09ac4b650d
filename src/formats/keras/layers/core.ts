// Dense layers and their kin.

import { activate } from "./activate.ts";
import type { LayerDef } from "./define.ts";
import { EinsumDense } from "./einsum-dense.ts";
import { embeddingLayers } from "./embedding.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { Masking } from "./masking.ts";
import { passesOn } from "./masks.ts";
import { type Quantization, quantizationOf } from "./quantization.ts";
import { biasOf, FLOAT8_NOTE, float8Kernel, inputRounding, roundInput, roundInputToFloat8 } from "./quantized-inputs.ts";
import { adapter, kernelMatrix, kernelWeights, packed, unpack } from "./quantized-kernel.ts";
import type { Value } from "./value.ts";
import { type Seen, weight, when } from "./weight-spec.ts";

/** y = x · kernel + bias over the last axis. On pictures it is a 1×1 convolution, so that they stay channels first. */
const Dense: LayerDef = {
  kind: "Dense",
  note: FLOAT8_NOTE,
  weights: (config, layer) => {
    const units = config.int("units");
    const bias = when(
      config.flag("use_bias", true),
      weight("bias", () => [units]),
    );
    return kernelWeights(layer, ({ shapes: [x = []] }) => [x.at(-1) as number, units], bias);
  },
  masks: passesOn,
  emit: (w) => {
    const quantization = quantizationOf(w.layer);
    const bias = w.config.flag("use_bias", true) ? [biasOf(w, quantization)] : [];
    const shape = [w.shape(w.input).at(-1) as number, w.config.int("units")] as const;
    const { input, kernel } = quantization ? quantized(w, quantization, shape) : { input: w.input, kernel: w.weight("kernel") };
    const added = adapter(w, "kernel", shape);
    if (!added) return activate(w, dense(w, input, kernel, bias));
    if (input === w.input) return activate(w, dense(w, input, w.emit("Add", [kernel, added]), bias));
    // LoRA's part reads the input as it is.
    const y = dense(w, input, kernel, bias);
    return activate(w, { ...y, tensor: w.emit("Add", [y.tensor, dense(w, w.input, added, []).tensor]) });
  },
};

/** What a quantized layer multiplies: its input, rounded, and its kernel as floats. */
function quantized(w: LayerWriter, quantization: Quantization, [inputs, units]: readonly [number, number]): { input: Value; kernel: string } {
  const { mode, block } = quantization;
  if (mode === "float8") return { input: roundInputToFloat8(w, w.input), kernel: float8Kernel(w) };
  const perUnit = (steps: string) => w.emit("Div", [steps, w.weight("kernel_scale", [units])]);
  const rounded = (rounds: boolean) => roundInput(w, w.input, [-1], inputRounding(quantization, rounds));
  if (mode === "int8") return { input: rounded(true), kernel: perUnit(w.weight("kernel")) };
  const [rows, columns] = w.storedShape("kernel") ?? [];
  const isOld = mode === "int4" && !block && columns === units && rows !== inputs;
  // Keras 3.11 to 3.13 packed the inputs, not the units, and rounded where nothing was said.
  if (isOld) return { input: rounded(true), kernel: perUnit(unpack(w, w.weight("kernel", [packed(inputs), units]), 0, inputs, true)) };
  return { input: block ? w.input : rounded(false), kernel: kernelMatrix(w, quantization, inputs, units) };
}

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

/** tf.keras's features of a kernel machine: cos(x · unscaled_kernel / kernel_scale + bias). */
const RandomFourierFeatures: LayerDef = {
  kind: "RandomFourierFeatures",
  weights: (config) => {
    const size = config.int("output_dim");
    return [
      weight("unscaled_kernel", ({ shapes: [x = []] }) => [x.at(-1) as number, size], { trainable: false }),
      weight("bias", () => [size], { trainable: false }),
      weight("kernel_scale", () => [1]),
    ];
  },
  emit: (w) => {
    const kernel = w.emit("Div", [w.weight("unscaled_kernel"), w.weight("kernel_scale")]);
    return { tensor: w.emit("Cos", [w.emit("Gemm", [w.own(w.input), kernel, w.weight("bias")])]) };
  },
};

export const coreLayers: readonly LayerDef[] = [Dense, EinsumDense, ...embeddingLayers, Masking, MaxoutDense, Highway, RandomFourierFeatures];
