// Heatmaps: brought to 0..1, coloured, and laid over the picture that they speak of.

import { createImage, type Image } from "../image/image.ts";
import { type MapResize, resizeMap } from "../image/resize.ts";
import type { Window } from "../image/window.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ColormapName, colorize } from "./colormap.ts";
import { statisticsOf } from "./statistics.ts";

/**
 * How a map is brought to 0..1.
 *
 * - `max`: negative values become 0, then the largest 1. Source: R. Selvaraju et al., Grad-CAM (2017), with the
 *   chapter's division by the maximum.
 * - `minmax`: the smallest value becomes 0, the largest 1.
 * - `signed`: 0 becomes 0.5, the value farthest from it 0 or 1. For diverging colormaps.
 */
export type HeatmapScale = "max" | "minmax" | "signed";

export interface NormalizedHeatmap {
  /** `[H, W]`, 0..1. */
  readonly map: Tensor<"float32">;
  /** Whether there is nothing to see: no positive value (`max`), or all values equal. The map is then 0 (`signed`: 0.5). */
  readonly blank: boolean;
}

/** A heatmap `[H, W]` in 0..1. Never NaN: values that are not finite count as 0. */
export function normalizeHeatmap(map: Tensor<"float32">, scale: HeatmapScale = "max"): NormalizedHeatmap {
  const data = map.data.map((x) => (Number.isFinite(x) ? x : 0));
  const { min, max } = statisticsOf(data);
  const [from, range, base] = {
    max: [0, max, 0] as const,
    minmax: [min, max - min, 0] as const,
    signed: [0, 2 * Math.max(-min, max), 0.5] as const,
  }[scale];
  const blank = range <= 0;
  return { map: { ...map, data: data.map((x) => (blank ? base : Math.min(1, Math.max(0, (x - from) / range + base)))) }, blank };
}

/**
 * How a coloured heatmap and a picture become one.
 *
 * - `stretch`: picture + strength × heat, then stretched from its own darkest to its own brightest value to 0..255. What
 *   the chapter does in its second edition, through Keras's array_to_img.
 * - `clip`: picture + strength × heat, cut at 255. The first edition, through cv2.imwrite.
 * - `mix`: (1 - strength) × picture + strength × heat. Alpha blending, as pytorch-grad-cam.
 */
export type Blend = "stretch" | "clip" | "mix";

export interface OverlayOptions {
  /** How much of the heat, 0..1. Default: 0.4. */
  strength?: number;
  /** Default: `jet`. */
  colormap?: ColormapName;
  /** Default: `half-pixel`, bilinear. */
  resize?: MapResize;
  /** Default: `stretch`. */
  blend?: Blend;
  /** The part of the picture that the map is of (`windowOf`); what lies outside gets no heat. Default: all of it. */
  window?: Window;
}

/** A heatmap `[H, W]` of values 0..1 in colours, at a size of its own or at another. */
export function drawHeatmap(
  map: Tensor<"float32">,
  { size, colormap = "jet", resize }: { size?: readonly [number, number]; colormap?: ColormapName; resize?: MapResize } = {},
): Image {
  return colorize(size ? resizeMap(map, size[0], size[1], resize) : map, colormap);
}

/**
 * A heatmap laid over a picture, at the picture's size.
 *
 * @param map `[H, W]`, 0..1, of any size: it is resized first and coloured then
 * @example
 * const picture = overlay(image, normalizeHeatmap(map).map, { strength: 0.4 });
 */
export function overlay(image: Image, map: Tensor<"float32">, options: OverlayOptions = {}): Image {
  const { strength = 0.4, colormap, resize, blend = "stretch", window = { x: 0, y: 0, width: image.width, height: image.height } } = options;
  const heat = drawHeatmap(map, { size: [window.height, window.width], colormap, resize });
  const keep = blend === "mix" ? 1 - strength : 1;
  const values = Float32Array.from(image.data);
  forEachSeen(image, window, (at, from) => {
    values[at] = keep * (values[at] as number) + strength * (heat.data[from] as number);
  });
  return { ...createImage(image.width, image.height), data: toBytes(values, blend) };
}

/** The values of the picture within a window, with their places in the window. */
function forEachSeen(image: Image, { x, y, width, height }: Window, visit: (at: number, from: number) => void): void {
  for (let row = Math.max(0, y); row < Math.min(image.height, y + height); row++) {
    const left = Math.max(0, x);
    const end = Math.min(image.width, x + width);
    const shift = ((row - y) * width - x) * 3 - row * image.width * 3;
    for (let at = (row * image.width + left) * 3; at < (row * image.width + end) * 3; at++) visit(at, at + shift);
  }
}

function toBytes(values: Float32Array, blend: Blend): Uint8Array {
  const { min, max } = blend === "stretch" ? statisticsOf(values) : { min: 0, max: 255 };
  const gain = max > min ? 255 / (max - min) : 0;
  return Uint8Array.from(values, (x) => Math.min(255, (x - min) * gain));
}
