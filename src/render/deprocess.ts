// What gradient ascent found, as a picture: its values are stretched to a fixed mean and contrast.

import { fail } from "../errors.ts";
import type { Image } from "../image/image.ts";
import { formatShape, type Tensor } from "../tensor/tensor.ts";
import { statisticsOf } from "./statistics.ts";

/**
 * How much contrast: `strong` makes one standard deviation 64 levels, `soft` a tenth of the range.
 *
 * Source: F. Chollet, Deep Learning with Python; `strong` is section 9.4.2 of the second edition, `soft` 5.4.2 of the first.
 */
export type Contrast = "strong" | "soft";

const contrasts: Readonly<Record<Contrast, { gain: number; middle: number }>> = {
  strong: { gain: 64, middle: 128 },
  soft: { gain: 25.5, middle: 127.5 },
};

export interface DeprocessOptions {
  layout: "NCHW" | "NHWC";
  /** The model's channel order. Default: `RGB`. */
  order?: "RGB" | "BGR";
  /** Default: `strong`. */
  contrast?: Contrast;
  /** Pixels cut from each side, where patterns meet the border. Default: 0. */
  border?: number;
}

/**
 * An input tensor as a picture, whatever its range: mean to the middle, standard deviation to the contrast, cut at 0
 * and 255. A constant tensor is mid-grey.
 *
 * @param t one item, `[C, H, W]` or `[H, W, C]` by `layout`, or a batch of one; C is 1 or 3
 * @throws {SHAPE_MISMATCH} if it is no picture
 */
export function deprocess(t: Tensor<"float32">, { layout, order = "RGB", contrast = "strong", border = 0 }: DeprocessOptions): Image {
  const { channels, height, width } = pictureShape(t.shape, layout);
  const [rows, columns] = [height - 2 * border, width - 2 * border];
  if (rows < 1 || columns < 1) fail("BAD_ARGUMENT", `A border of ${border} pixels leaves nothing of a picture of ${width}×${height}.`);
  const { mean, std } = statisticsOf(t.data);
  const { gain, middle } = contrasts[contrast];
  const data = new Uint8Array(rows * columns * 3);
  for (let i = 0; i < data.length; i++) {
    const [pixel, color] = [Math.floor(i / 3), i % 3];
    const channel = channels === 1 ? 0 : order === "BGR" ? 2 - color : color;
    const place = (border + Math.floor(pixel / columns)) * width + border + (pixel % columns);
    const x = t.data[layout === "NCHW" ? channel * height * width + place : place * channels + channel] as number;
    data[i] = Math.min(255, Math.max(0, std === 0 ? middle : ((x - mean) / std) * gain + middle));
  }
  return { width: columns, height: rows, data };
}

function pictureShape(shape: readonly number[], layout: "NCHW" | "NHWC"): { channels: number; height: number; width: number } {
  const item = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  const [channels, height, width] = (layout === "NCHW" ? item : [item[2], item[0], item[1]]) as [number, number, number];
  if (item.length === 3 && (channels === 1 || channels === 3)) return { channels, height, width };
  return fail("SHAPE_MISMATCH", `A tensor of shape ${formatShape(shape)} is not one picture in ${layout}.`, {
    hint: "Give one item of a batch, with 1 or 3 channels.",
    details: { shape, layout },
  });
}
