// All channels of a layer in one picture.

import { fail } from "../errors.ts";
import type { Image } from "../image/image.ts";
import { resizeImage } from "../image/resize.ts";
import { float32, formatShape, itemAt, type Tensor } from "../tensor/tensor.ts";
import { type ChannelOptions, drawChannel } from "./channel.ts";
import { type GridOptions, grid } from "./grid.ts";

export interface ChannelGridOptions extends ChannelOptions, Omit<GridOptions, "labels"> {
  /** Small channels are enlarged by whole pixels to at most this many. Default: 64. */
  cell?: number;
  /** Whether each channel's number stands above it. Default: true. */
  numbers?: boolean;
}

/** Side of the square that a single number becomes. */
const NUMBER_SIZE = 16;

/**
 * The channels of one item, each scaled on its own, 16 in a row.
 *
 * @param layer `[C, H, W]`; `[C]`, a layer without positions, becomes one map of squares, 16 in a row
 * @throws {SHAPE_MISMATCH} for other shapes
 * @example
 * const sheet = channelGrid(itemAt(activation.tensor, 0), { title: activation.layer.name });
 */
export function channelGrid(layer: Tensor<"float32">, { cell = 64, numbers = true, scaling, colormap, ...options }: ChannelGridOptions = {}): Image {
  if (layer.shape.length === 1) return grid([drawVector(layer, options.columns ?? 16, { scaling, colormap })], { ...options, columns: 1 });
  if (layer.shape.length !== 3) {
    fail("SHAPE_MISMATCH", `A tensor of shape ${formatShape(layer.shape)} has no channels that can be drawn.`, {
      hint: "Give one item of a layer's output: [channels, height, width] or [channels].",
      details: { shape: layer.shape },
    });
  }
  const channels = layer.shape[0] as number;
  const images = Array.from({ length: channels }, (_, c) => enlarge(drawChannel(itemAt(layer, c), { scaling, colormap }), cell));
  return grid(images, { ...options, labels: numbers ? images.map((_, c) => String(c)) : undefined });
}

/** By whole pixels, sharp, up to `cell` pixels a side. */
function enlarge(image: Image, cell: number): Image {
  const factor = Math.max(1, Math.floor(cell / Math.max(image.width, image.height)));
  return factor === 1 ? image : resizeImage(image, image.height * factor, image.width * factor, "nearest");
}

/** Numbers as squares, row by row; what is left of the last row is black. */
function drawVector(values: Tensor<"float32">, columns: number, options: ChannelOptions): Image {
  const width = Math.min(columns, values.data.length);
  const height = Math.ceil(values.data.length / width);
  const data = new Float32Array(width * height).fill(Number.NaN);
  data.set(values.data);
  return enlarge(drawChannel(float32([height, width], data), options), NUMBER_SIZE * Math.max(width, height));
}
