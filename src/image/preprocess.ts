// How a picture becomes a model's input and back: which part of it, at what size, in which channel order and scale.

import { fail } from "../errors.ts";
import { formatShape, type Tensor, zeros } from "../tensor/tensor.ts";
import { type Image, luma } from "./image.ts";
import { type ResizeFilter, resizeImage } from "./resize.ts";
import { cutWindow, type ResizePolicy, windowOf } from "./window.ts";

/** `caffe`, `tf` and `torch` are the three modes of keras.applications; `unit` is 0..1, `raw` 0..255. */
export type PresetName = "caffe" | "tf" | "torch" | "unit" | "raw";

/** What happens to a pixel's values: `(value * scale - mean[c]) / std[c]`, channels in the given order. */
export interface Scaling {
  readonly order: "RGB" | "BGR";
  readonly scale: number;
  /** One value for all channels, or one for each in the model's order. */
  readonly mean: readonly number[];
  /** One value for all channels, or one for each in the model's order. */
  readonly std: readonly number[];
}

/**
 * A preset; values given beside it replace the preset's.
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
  caffe: { order: "BGR", scale: 1, mean: [103.939, 116.779, 123.68], std: [1] },
  tf: { order: "RGB", scale: 1 / 127.5, mean: [1], std: [1] },
  torch: { order: "RGB", scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  unit: { order: "RGB", scale: 1 / 255, mean: [0], std: [1] },
  raw: { order: "RGB", scale: 1, mean: [0], std: [1] },
};

/** An input that takes pictures. */
export interface PictureInput {
  readonly preprocessing: Preprocessing;
  readonly layout: "NCHW" | "NHWC";
  /** Height and width. */
  readonly size: readonly [number, number];
  /** 3 for colour; 1 for grey: the picture's luma (ITU-R BT.601, as Pillow's "L"). */
  readonly channels: 1 | 3;
}

/**
 * The scaling that a preprocessing asks for.
 *
 * @throws {BAD_ARGUMENT} if mean or std do not fit the number of channels
 */
export function scalingOf(preprocessing: Preprocessing, channels: number): Scaling {
  const { order, scale, mean, std } = { ...presets[preprocessing.preset], ...given(preprocessing) };
  for (const [name, values] of Object.entries({ mean, std })) {
    if (values.length === 1 || values.length === channels) continue;
    fail("BAD_ARGUMENT", `The preprocessing "${preprocessing.preset}" has ${values.length} values for ${name}, and the model takes ${channels} channel(s).`, {
      hint: channels === 1 ? 'Use "unit", "tf" or "raw", or give a mean and a std of one value.' : `Give one value, or ${channels}.`,
      details: { preset: preprocessing.preset, [name]: values, channels },
    });
  }
  if (![scale, ...mean, ...std].every(Number.isFinite) || scale === 0 || std.includes(0)) {
    fail("BAD_ARGUMENT", "The preprocessing's scale and std must be finite and not zero.", { details: { scale, mean, std } });
  }
  return { order, scale, mean, std };
}

function given({ order, scale, mean, std }: Preprocessing): Partial<Scaling> {
  return Object.fromEntries(Object.entries({ order, scale, mean, std }).filter(([, value]) => value !== undefined));
}

/** The picture as the model sees it: the window that fits, at the input's size. */
export function fitImage(image: Image, size: readonly [number, number], { resize = "squash", filter }: Preprocessing): Image {
  return resizeImage(cutWindow(image, windowOf(image, size, resize)), size[0], size[1], filter);
}

/**
 * A picture as an input tensor, `[1, C, H, W]` or `[1, H, W, C]`.
 *
 * @throws {BAD_ARGUMENT} if mean or std do not fit the number of channels
 */
export function imageToTensor(image: Image, { preprocessing, layout, size, channels }: PictureInput): Tensor<"float32"> {
  const [height, width] = size;
  const seen = fitImage(image, size, preprocessing);
  const { scale, mean, std, order } = scalingOf(preprocessing, channels);
  const out = zeros("float32", layout === "NCHW" ? [1, channels, height, width] : [1, height, width, channels]);
  for (let c = 0; c < channels; c++) {
    const { offset, stride } = channelPlace(layout, c, channels, height * width);
    const source = order === "BGR" ? 2 - c : c;
    for (let i = 0; i < height * width; i++) {
      const value = channels === 1 ? luma(seen.data, 3 * i) : (seen.data[3 * i + source] as number);
      out.data[offset + i * stride] = (value * scale - at(mean, c)) / at(std, c);
    }
  }
  return out;
}

/**
 * The picture that an input tensor stands for: the inverse of `imageToTensor`, rounded and clipped to 0..255.
 *
 * @param input `[1, C, H, W]` or `[1, H, W, C]`, with 1 or 3 channels
 * @throws {SHAPE_MISMATCH} if it is no single picture
 */
export function tensorToImage(input: Tensor<"float32">, { preprocessing, layout }: Pick<PictureInput, "preprocessing" | "layout">): Image {
  const [, channels, height, width] = pictureShape(input.shape, layout);
  const { scale, mean, std, order } = scalingOf(preprocessing, channels);
  const data = new Uint8ClampedArray(height * width * 3);
  for (let c = 0; c < 3; c++) {
    const channel = Math.min(c, channels - 1);
    const { offset, stride } = channelPlace(layout, channel, channels, height * width);
    const target = order === "BGR" ? 2 - c : c;
    for (let i = 0; i < height * width; i++) {
      data[3 * i + target] = ((input.data[offset + i * stride] as number) * at(std, channel) + at(mean, channel)) / scale;
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

function pictureShape(shape: readonly number[], layout: "NCHW" | "NHWC"): [number, number, number, number] {
  const [n, a, b, c] = shape as [number, number, number, number];
  const ordered: [number, number, number, number] = layout === "NCHW" ? [n, a, b, c] : [n, c, a, b];
  if (shape.length === 4 && n === 1 && (ordered[1] === 1 || ordered[1] === 3)) return ordered;
  return fail("SHAPE_MISMATCH", `A tensor of shape ${formatShape(shape)} is not one picture in ${layout}.`, { details: { shape, layout } });
}

/** Where a channel's values lie in a tensor of one picture. */
function channelPlace(layout: "NCHW" | "NHWC", channel: number, channels: number, pixels: number): { offset: number; stride: number } {
  return layout === "NCHW" ? { offset: channel * pixels, stride: 1 } : { offset: channel, stride: channels };
}

function at(values: readonly number[], channel: number): number {
  return values[values.length === 1 ? 0 : channel] as number;
}
