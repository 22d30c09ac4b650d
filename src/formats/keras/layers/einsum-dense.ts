// EinsumDense: an einsum of the input and a kernel, which may be quantized.

import { sizeOf } from "../../../tensor/tensor.ts";
import { isList } from "../ir.ts";
import { activate } from "./activate.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { type Quantization, quantizationOf } from "./quantization.ts";
import { biasOf, FLOAT8_NOTE, float8Kernel, inputRounding, roundInput, roundInputToFloat8 } from "./quantized-inputs.ts";
import { adapter, kernelMatrix, kernelWeights, packed, unpack } from "./quantized-kernel.ts";
import type { Value } from "./value.ts";
import { weight, when } from "./weight-spec.ts";

/** `abc,cd->abd`. An ellipsis stands for axes at one side. */
export const EinsumDense: LayerDef = {
  kind: "EinsumDense",
  note: FLOAT8_NOTE,
  weights: (config, layer) =>
    kernelWeights(
      layer,
      () => undefined,
      when(
        config.raw("bias_axes") !== undefined,
        weight("bias", () => undefined),
      ),
    ),
  emit: (w) => {
    const quantization = quantizationOf(w.layer);
    const equation = w.config.text("equation").replaceAll(" ", "");
    const einsum = (input: Value, kernel: string) => w.emit("Einsum", [w.own(input), kernel], { equation });
    const { input, kernel } = quantization ? quantized(w, quantization, equation) : { input: w.input, kernel: w.weight("kernel") };
    const added = adapter(w, "kernel", w.graphShape(kernel));
    const product = einsum(input, added && input === w.input ? w.emit("Add", [kernel, added]) : kernel);
    // LoRA's part reads the input as it is.
    const whole = added && input !== w.input ? w.emit("Add", [product, einsum(w.input, added)]) : product;
    const biased = w.config.raw("bias_axes") === undefined ? whole : w.emit("Add", [whole, biasOf(w, quantization)]);
    return activate(w, w.fromOwn(biased));
  },
};

/** What a quantized layer multiplies: its input, rounded, and its kernel as floats. */
function quantized(w: LayerWriter, quantization: Quantization, equation: string): { input: Value; kernel: string } {
  const { mode, block } = quantization;
  if (mode === "float8") return { input: roundInputToFloat8(w, w.input), kernel: float8Kernel(w) };
  const labels = readLabels(w, equation);
  const summed = [...labels.input].flatMap((label, axis) => (labels.output.includes(label) ? [] : [axis]));
  const rounded = (rounds: boolean) => roundInput(w, w.input, summed, inputRounding(quantization, rounds));
  if (mode === "int8") return { input: rounded(true), kernel: scaled(w, w.weight("kernel"), labels) };
  const shape = [...labels.kernel].map((label) => sizeOfLabel(w, labels, label));
  // Keras 3.11 to 3.13 packed one of the kernel's own axes, and rounded where nothing was said.
  if (mode === "int4" && !block && (w.storedShape("kernel_scale")?.length ?? 0) !== 1) {
    const axis = Math.max(
      0,
      [...labels.kernel].findIndex((label) => !labels.output.includes(label)),
    );
    const bytes = w.weight(
      "kernel",
      shape.map((size, i) => (i === axis ? packed(size) : size)),
    );
    return { input: rounded(true), kernel: scaled(w, unpack(w, bytes, axis, shape[axis] as number, true), labels) };
  }
  const [rows, columns] = mode === "int4" ? flat(shape, labels) : flatByLargest(w, shape);
  const kernel = w.state.graph.reshape(kernelMatrix(w, quantization, rows, columns), shape);
  return { input: mode === "int4" && !block ? rounded(false) : w.input, kernel };
}

/** One letter for every axis. */
interface Labels {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
}

/** Keras quantizes no layer whose equation has an ellipsis. */
function readLabels(w: LayerWriter, equation: string): Labels {
  const [, input = "", kernel = "", output = ""] = /^([a-z]+),([a-z]+)->([a-z]+)$/i.exec(equation) ?? w.fail("BAD_MODEL", `has the equation "${equation}"`);
  if (input.length !== w.shape(w.input).length) w.fail("BAD_MODEL", `has the equation "${equation}" for an input with ${w.shape(w.input).length} axes`);
  return { input, kernel, output };
}

/** An axis's length: as the layer says its output (without the batch), else as the input has it. */
function sizeOfLabel(w: LayerWriter, { input, output }: Labels, label: string): number {
  const said = w.config.raw("output_shape");
  const place = output.indexOf(label) - 1;
  const size = place < 0 ? undefined : isList(said) ? said[place] : place === 0 ? said : undefined;
  const found = typeof size === "number" ? size : w.shape(w.input)[input.indexOf(label)];
  return found ?? w.fail("BAD_MODEL", `does not say how long axis "${label}" of its kernel is`);
}

/** A kernel over its scales, which lie in the order of the output's axes. */
function scaled(w: LayerWriter, steps: string, labels: Labels): string {
  const shape = w.graphShape(steps);
  if (shape.length !== labels.kernel.length) w.fail("BAD_MODEL", `has a kernel of ${shape.length} axes for "${labels.kernel}"`);
  const kept = [...labels.output].filter((label) => labels.kernel.includes(label));
  const inKernel = [...labels.kernel].filter((label) => labels.output.includes(label));
  const size = (label: string) => shape[labels.kernel.indexOf(label)] as number;
  const count = sizeOf(w.storedShape("kernel_scale") ?? []);
  if (count !== sizeOf(kept.map(size))) w.fail("BAD_MODEL", `has ${count} scales for ${sizeOf(kept.map(size))} outputs`);
  const scale = w.state.graph.reshape(w.weight("kernel_scale"), kept.map(size));
  const turned = w.transpose(
    scale,
    inKernel.map((label) => kept.indexOf(label)),
  );
  return w.emit("Div", [
    steps,
    w.state.graph.reshape(
      turned,
      [...labels.kernel].map((label) => (labels.output.includes(label) ? size(label) : 1)),
    ),
  ]);
}

/** int4: the summed axes as rows, the others as columns. */
function flat(shape: readonly number[], { kernel, output }: Labels): [rows: number, columns: number] {
  const sizes = (kept: boolean) => sizeOf(shape.filter((_, axis) => output.includes(kernel[axis] as string) === kept));
  return [sizes(false), sizes(true)];
}

/** GPTQ and AWQ: of three axes the first are rows, one of them where it is the longest of all. */
function flatByLargest(w: LayerWriter, shape: readonly number[]): [rows: number, columns: number] {
  const [a = 0, b = 0, c = 0] = shape;
  if (shape.length === 2) return [a, b];
  if (shape.length !== 3) return w.fail("UNSUPPORTED_LAYER", `has a quantized kernel of ${shape.length} axes`, "Save the model before it is quantized.");
  return a >= b && a >= c ? [a, b * c] : [a * b, c];
}
