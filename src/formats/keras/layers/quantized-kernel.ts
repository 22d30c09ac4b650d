// The weights of layers with one kernel, whichever way they are quantized, and the floats that they stand for.

import type { KerasLayer } from "../ir.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { type Quantization, quantizationOf } from "./quantization.ts";
import { type WeightSpec, weight } from "./weight-spec.ts";

type Shape = WeightSpec["shape"];

/** A weight that is not trained. */
export function fixed(name: string, integers?: "int8" | "uint8", shape: Shape = () => undefined): WeightSpec {
  return weight(name, shape, { trainable: false, ...(integers ? { integers } : {}) });
}

const FLOAT8_STATE = ["inputs_scale", "inputs_amax_history", "kernel_scale", "kernel_amax_history", "outputs_grad_scale", "outputs_grad_amax_history"];

/** The weights of a layer with a kernel, in the order of Keras 3's files. @param shape that of the kernel as floats */
export function kernelWeights(layer: KerasLayer, shape: Shape, bias: readonly WeightSpec[]): readonly WeightSpec[] {
  const quantization = quantizationOf(layer);
  const adapters = adapterWeights(layer, "kernel");
  switch (quantization?.mode) {
    case "int8":
      return [fixed("kernel", "int8", shape), ...bias, fixed("kernel_scale"), ...adapters];
    case "int4":
      return [
        fixed("kernel", "int8"),
        ...bias,
        fixed("kernel_scale"),
        ...(quantization.block ? [fixed("kernel_zero", "int8"), fixed("g_idx")] : []),
        ...adapters,
      ];
    case "float8":
      return [weight("kernel", shape), ...bias, ...FLOAT8_STATE.map((name) => weight(name, () => (name.endsWith("scale") ? [] : undefined)))];
    case "gptq":
      return [...bias, fixed("quantized_kernel", "uint8"), fixed("kernel_scale"), fixed("kernel_zero", "uint8"), fixed("g_idx")];
    case "awq":
      return [...bias, fixed("quantized_kernel", "uint8"), fixed("kernel_scale"), fixed("kernel_zero", "uint8"), fixed("awq_scales"), fixed("g_idx")];
    default:
      return [weight("kernel", shape, { trainable: adapters.length === 0 }), ...bias, ...adapters];
  }
}

/** LoRA's two narrow matrices, where the layer has them. Hu et al. 2021, arXiv:2106.09685. */
export function adapterWeights({ config }: KerasLayer, name: string): readonly WeightSpec[] {
  if (!config.lora_rank) return [];
  return ["a", "b"].map((part) => weight(`lora_${name}_${part}`, () => undefined, { merged: true }));
}

/** What LoRA adds to a weight of this shape: α / rank · a · b; undefined where there is nothing, or the file has it added. */
export function adapter(w: LayerWriter, name: string, shape: readonly number[]): string | undefined {
  if (!w.storedShape(`lora_${name}_a`)) return undefined;
  const rank = w.config.int("lora_rank");
  const a = w.weight(`lora_${name}_a`, [...shape.slice(0, -1), rank]);
  const b = w.weight(`lora_${name}_b`, [rank, ...shape.slice(-1)]);
  return w.emit("Mul", [w.emit("MatMul", [a, b]), w.scalar(w.config.number("lora_alpha", rank) / rank)]);
}

/** How many bytes hold `length` numbers of four bits. */
export const packed = (length: number) => Math.ceil(length / 2);

/** Numbers of four bits along an axis, two of them in every byte, the first in its lower half. */
export function unpack(w: LayerWriter, bytes: string, axis: number, length: number, signed: boolean): string {
  const upTo = (x: string, n: number) => w.emit("Floor", [w.emit("Mul", [x, w.scalar(1 / n)])]);
  const without = (x: string, count: string) => w.emit("Sub", [x, w.emit("Mul", [count, w.scalar(16)])]);
  const high = upTo(bytes, 16);
  const low = without(bytes, high);
  const pair = [signed ? without(low, upTo(low, 8)) : low, high].map((half) => w.emit("Unsqueeze", [half, w.ints([axis + 1])]));
  const shape = w.graphShape(bytes).map((size, i) => (i === axis ? 2 * size : size));
  const all = w.state.graph.reshape(w.emit("Concat", pair, { axis: axis + 1 }), shape);
  return length === shape[axis] ? all : w.emit("Slice", [all, w.ints([0]), w.ints([length]), w.ints([axis])]);
}

/** (matrix − zero) · scale, where `g_idx` says which scale and zero each place along the axis has. */
export function scaleGroups(w: LayerWriter, matrix: string, name: string, axis: 0 | 1): string {
  const [rows, columns] = w.graphShape(matrix) as [number, number];
  const groups = w.storedShape(`${name}_scale`)?.[axis] ?? 0;
  const index = w.emit("Cast", [w.weight("g_idx", [axis === 0 ? rows : columns])], { to: 7 });
  const spread = (part: string) => w.emit("Gather", [w.weight(`${name}_${part}`, axis === 0 ? [groups, columns] : [rows, groups]), index], { axis });
  return w.emit("Mul", [w.emit("Sub", [matrix, spread("zero")]), spread("scale")]);
}

/** A kernel [inputs, outputs] of floats: int4 as Keras packs it since 3.14, GPTQ and AWQ. */
export function kernelMatrix(w: LayerWriter, { mode, bits, block }: Quantization, rows: number, columns: number): string {
  if (mode === "int4") {
    const steps = unpack(w, w.weight("kernel", [rows, packed(columns)]), 1, columns, true);
    return block ? scaleGroups(w, steps, "kernel", 0) : w.emit("Div", [steps, w.weight("kernel_scale", [columns])]);
  }
  const stored = w.weight("quantized_kernel", [bits === 4 ? packed(columns) : columns, rows]);
  const steps = bits === 4 ? unpack(w, stored, 0, columns, false) : stored;
  const kernel = w.transpose(scaleGroups(w, steps, "kernel", 1), [1, 0]);
  return mode === "awq" ? w.emit("Div", [kernel, w.state.graph.reshape(w.weight("awq_scales", [rows]), [rows, 1])]) : kernel;
}
