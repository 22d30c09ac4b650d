// How a picture becomes a model's input: which part of it, at what size, in which channel order and scale.

import type { ResizeFilter } from "./resize.ts";
import type { ResizePolicy } from "./window.ts";

/** `caffe`, `tf` and `torch` are the three modes of keras.applications; `unit` is 0..1, `raw` 0..255. */
export type PresetName = "caffe" | "tf" | "torch" | "unit" | "raw";

/** What happens to a pixel's value: `(value * scale - mean[c]) / std[c]`, with c in the order of `channels`. */
export interface Scaling {
  readonly channels: "RGB" | "BGR";
  readonly scale: number;
  /** One value for all channels, or one for each, in the model's order. */
  readonly mean: readonly number[];
  /** One value for all channels, or one for each, in the model's order. */
  readonly std: readonly number[];
}

/**
 * A preset, with its values changed where they are given.
 *
 * @example
 * const squeezenet: Preprocessing = { preset: "caffe", mean: [104, 117, 123] };
 */
export interface Preprocessing extends Partial<Scaling> {
  readonly preset: PresetName;
  /** How a picture of another shape is fitted to the input. Default: `squash`. */
  readonly resize?: ResizePolicy;
  /** How pixels are resampled. Default: `antialias`. */
  readonly filter?: ResizeFilter;
}

/** Source: keras.applications.imagenet_utils.preprocess_input. */
export const presets: Readonly<Record<PresetName, Scaling>> = {
  caffe: { channels: "BGR", scale: 1, mean: [103.939, 116.779, 123.68], std: [1] },
  tf: { channels: "RGB", scale: 1 / 127.5, mean: [1], std: [1] },
  torch: { channels: "RGB", scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  unit: { channels: "RGB", scale: 1 / 255, mean: [0], std: [1] },
  raw: { channels: "RGB", scale: 1, mean: [0], std: [1] },
};
