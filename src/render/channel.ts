// One channel of a layer as a picture.

import type { Image } from "../image/image.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ColormapName, paint } from "./colormap.ts";
import { statisticsOf } from "./statistics.ts";

/**
 * How a channel's values become 0..255.
 *
 * - `standard`: the mean becomes 128 and one standard deviation 64, cut at 0 and 255. Few large values cannot darken
 *   the rest. Source: F. Chollet, Deep Learning with Python, section 5.4 (second edition: 9.4.1).
 * - `minmax`: the smallest value becomes 0, the largest 255.
 */
export type ChannelScaling = "standard" | "minmax";

export interface ChannelOptions {
  /** Default: `standard`. */
  scaling?: ChannelScaling;
  /** Default: `viridis`. */
  colormap?: ColormapName;
}

/** A channel's values `[H, W]` as 0..255. A silent channel (all zero) gives 0, any other constant 128; NaN stays NaN. */
export function channelLevels(values: Float32Array, scaling: ChannelScaling = "standard"): Float32Array {
  const { mean, std, min, max } = statisticsOf(values);
  if (min === max) return values.map((x) => (Number.isNaN(x) ? x : x === 0 ? 0 : 128));
  const [from, gain, base] = scaling === "standard" ? [mean, 64 / std, 128] : [min, 255 / (max - min), 0];
  return values.map((x) => Math.floor(Math.min(255, Math.max(0, (x - from) * gain + base))));
}

/**
 * A channel `[H, W]` as a picture of the same size.
 *
 * @example
 * const picture = drawChannel(itemAt(itemAt(activation.tensor, 0), 7));
 */
export function drawChannel(channel: Tensor<"float32">, { scaling, colormap = "viridis" }: ChannelOptions = {}): Image {
  const [height, width] = channel.shape as [number, number];
  return paint(channelLevels(channel.data, scaling), width, height, colormap);
}
