// What quantized layers do to what they read, and layers in float8 to their kernel and bias.

import type { LayerWriter } from "./layer-writer.ts";
import { defaultRounding, type Quantization } from "./quantization.ts";
import { type AbsMax, roundToFloat8, roundToMax, roundToPlaces, straightThrough } from "./rounding.ts";
import type { Value } from "./value.ts";

/** For the generated table. */
export const FLOAT8_NOTE = "In float8 Keras rounds the gradient too, as a part of training; here it is exact.";

/** How a layer rounds its inputs. @param rounds whether it does where nothing is said */
export function inputRounding(quantization: Quantization | undefined, rounds: boolean): AbsMax | undefined {
  return quantization?.inputs === "default" ? (rounds ? defaultRounding : undefined) : quantization?.inputs;
}

/** A value rounded in steps of its largest size along Keras's `axes`. The gradient is that of the value, as Keras's is. */
export function roundInput(w: LayerWriter, value: Value, axes: readonly number[], to: AbsMax | undefined): Value {
  if (!to) return value;
  const places = axes.map((axis) => w.axis(value, axis));
  return { ...value, tensor: straightThrough(w, value.tensor, roundToMax(w, value.tensor, places, to)) };
}

/** What a layer in float8 reads: rounded, with the gradient of the value itself. */
export function roundInputToFloat8(w: LayerWriter, value: Value): Value {
  return { ...value, tensor: straightThrough(w, value.tensor, roundToFloat8(w, value.tensor, w.weight("inputs_scale"))) };
}

/** The kernel of a layer in float8. */
export function float8Kernel(w: LayerWriter): string {
  return roundToFloat8(w, w.weight("kernel"), w.weight("kernel_scale"));
}

/** The bias; layers in float8 that compute in float32 round it to bfloat16. */
export function biasOf(w: LayerWriter, quantization: Quantization | undefined): string {
  const bias = w.weight("bias");
  return quantization?.mode === "float8" && quantization.source === "float32" ? roundToPlaces(w, bias, 8, -126) : bias;
}
