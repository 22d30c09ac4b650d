// How old files keep kernels: Keras 1 in Theano's order of axes, files written on Theano turned by 180°.

import type { Weight } from "../../graph/types.ts";
import type { KerasLayer } from "./ir.ts";
import type { WeightSpec } from "./layers/weight-spec.ts";
import type { LayerWeight } from "./weights.ts";

export interface KernelStyle {
  /** Whether Keras 1 wrote the file. */
  readonly keras1: boolean;
  /** Whether Theano computed with it. */
  readonly theano: boolean;
}

/** A weight from a file, with what makes it Keras 3's. */
export function fromFile(weight: Weight, layer: KerasLayer, spec: WeightSpec, { keras1, theano }: KernelStyle): LayerWeight {
  const axes = Number(/Conv(?:LSTM)?([123])D/.exec(layer.kind)?.[1] ?? 0);
  if (axes === 0 || !spec.name.endsWith("kernel")) return { weight };
  const turned = theano ? { turned: true } : {};
  if (!keras1) return { weight, ...turned };
  if (axes === 1) return { ...lineKernel(weight, layer), ...turned };
  return { weight, ...turned, ...axisOrder(layer, axes) };
}

/** Keras 1 had its 1-D kernels as [length, 1, in, out], until 1.1 as [out, in, length, 1]. */
function lineKernel(weight: Weight, { config }: KerasLayer): LayerWeight {
  const [length, one, , out] = weight.shape;
  if (weight.shape.length !== 4) return { weight };
  if (length === config.kernel_size && one === 1 && out === config.filters) return { weight: { ...weight, shape: weight.shape.filter((_, i) => i !== 1) } };
  return { weight: { ...weight, shape: weight.shape.slice(0, 3) }, order: [2, 1, 0] };
}

/** dim_ordering "th" is [out, in, …]; transposed kernels have in and out the other way round than Keras 2. */
function axisOrder(layer: KerasLayer, axes: number): { order?: readonly number[] } {
  const first = layer.config.data_format === "channels_first";
  const swapped = layer.kind.endsWith("Transpose");
  if (!first && !swapped) return {};
  const spatial = Array.from({ length: axes }, (_, i) => (first ? i + 2 : i));
  const [into, out] = first ? [1, 0] : [axes, axes + 1];
  return { order: [...spatial, ...(swapped ? [out, into] : [into, out])] };
}
