// Pictures and heatmaps brought to another size.

import { assert } from "../errors.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import type { Image } from "./image.ts";
import { alignCorners, asymmetric, cubic, halfPixel, kernelTaps, linearTaps, nearestTaps, type Taps, triangle } from "./resampling.ts";

type Axis = (input: number, output: number) => Taps;

const imageFilters = {
  bilinear: (input, output) => linearTaps(input, output, halfPixel),
  antialias: (input, output) => kernelTaps(input, output, triangle),
  bicubic: (input, output) => kernelTaps(input, output, cubic),
  nearest: nearestTaps,
} satisfies Record<string, Axis>;

const mapModes = {
  "half-pixel": (input, output) => linearTaps(input, output, halfPixel),
  "align-corners": (input, output) => linearTaps(input, output, alignCorners),
  asymmetric: (input, output) => linearTaps(input, output, asymmetric),
  bicubic: (input, output) => kernelTaps(input, output, cubic),
  nearest: nearestTaps,
} satisfies Record<string, Axis>;

/**
 * How a picture's pixels are resampled, with pixel centres at half.
 *
 * - `bilinear`: 2×2 pixels, as tf.image.resize, PyTorch's interpolate and OpenCV's INTER_LINEAR.
 * - `antialias`: bilinear whose reach grows as the picture shrinks: Pillow's BILINEAR, torchvision's default.
 * - `bicubic`: Pillow's BICUBIC, which antialiases too.
 * - `nearest`: Pillow's NEAREST, the default of Keras's load_img.
 */
export type ResizeFilter = keyof typeof imageFilters;

export const resizeFilters = Object.keys(imageFilters) as readonly ResizeFilter[];

/**
 * How a heatmap is resampled. Libraries differ:
 *
 * - `half-pixel`: bilinear as OpenCV, PyTorch (align_corners=False) and pytorch-grad-cam.
 * - `align-corners`: bilinear as SciPy's zoom of order 1 and tf-keras-vis.
 * - `asymmetric`: bilinear as TensorFlow.js by default.
 * - `bicubic`: as Pillow and Xplique.
 * - `nearest`: Captum.
 */
export type MapResize = keyof typeof mapModes;

export const mapResizes = Object.keys(mapModes) as readonly MapResize[];

/**
 * A picture at another size. `antialias`, `bicubic` and `nearest` equal Pillow's bit for bit; `bilinear` equals
 * PyTorch's interpolate, rounded.
 *
 * @param filter default: `antialias`
 */
export function resizeImage(image: Image, height: number, width: number, filter: ResizeFilter = "antialias"): Image {
  checkTarget(height, width);
  if (image.width === width && image.height === height) return image;
  const [columns, rows] = [imageFilters[filter](image.width, width), imageFilters[filter](image.height, height)];
  return { width, height, data: filter === "bilinear" ? blend(image, columns, rows) : pillow(image, columns, rows) };
}

/** Rounded once, at the end. */
function blend(image: Image, columns: Taps, rows: Taps): Uint8Array {
  const across = resampleFloats(image.data, image.height, 3, columns);
  return new Uint8Array(resampleFloats(across, 1, columns.starts.length * 3, rows).map(Math.round));
}

/** In fixed point, rounded to 8 bits after each axis. An axis that keeps its size is left alone. */
function pillow(image: Image, columns: Taps, rows: Taps): Uint8Array {
  const width = columns.starts.length;
  const across = width === image.width ? image.data : resampleBytes(image.data, image.height, 3, toFixed(columns));
  return rows.starts.length === image.height ? across : resampleBytes(across, 1, width * 3, toFixed(rows));
}

/**
 * A map `[H, W]` at another size.
 *
 * @param mode default: `half-pixel`
 */
export function resizeMap(map: Tensor<"float32">, height: number, width: number, mode: MapResize = "half-pixel"): Tensor<"float32"> {
  checkTarget(height, width);
  const [rows, columns] = map.shape as [number, number];
  assert(map.shape.length === 2, "resizeMap: not a map");
  if (rows === height && columns === width) return map;
  const across = resampleFloats(map.data, rows, 1, mapModes[mode](columns, width));
  return float32([height, width], Float32Array.from(resampleFloats(across, 1, width, mapModes[mode](rows, height))));
}

function checkTarget(height: number, width: number): void {
  assert(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0, `cannot resize to ${width}×${height}`);
}

/** Precision of Pillow's weights. */
const FRACTION_BITS = 22;

function toFixed(taps: Taps): Taps {
  return { ...taps, weights: taps.weights.map((w) => Math.sign(w) * Math.round(Math.abs(w) * 2 ** FRACTION_BITS)) };
}

/** Resamples the middle axis of `[outer, input, inner]`. */
function resampleBytes(data: Uint8Array, outer: number, inner: number, taps: Taps): Uint8Array {
  const out = new Uint8ClampedArray(outer * taps.starts.length * inner);
  forEachOutput(data.length, outer, inner, taps, (to, from, count, weight) => {
    let sum = 1 << (FRACTION_BITS - 1);
    for (let k = 0; k < count; k++) sum += (data[from + k * inner] as number) * (taps.weights[weight + k] as number);
    out[to] = sum >> FRACTION_BITS;
  });
  return new Uint8Array(out.buffer);
}

function resampleFloats(data: ArrayLike<number>, outer: number, inner: number, taps: Taps): Float64Array {
  const out = new Float64Array(outer * taps.starts.length * inner);
  forEachOutput(data.length, outer, inner, taps, (to, from, count, weight) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += (data[from + k * inner] as number) * (taps.weights[weight + k] as number);
    out[to] = sum;
  });
  return out;
}

type Visit = (to: number, from: number, count: number, weight: number) => void;

/** Every output with its first input, how many inputs it has, and its first weight. */
function forEachOutput(length: number, outer: number, inner: number, taps: Taps, visit: Visit): void {
  const input = length / outer / inner;
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < taps.starts.length; i++) {
      const from = (o * input + (taps.starts[i] as number)) * inner;
      for (let j = 0; j < inner; j++) visit(to++, from + j, taps.counts[i] as number, i * taps.size);
    }
  }
}
