// How many of the model's input units one pixel value is, channel by channel: what carries "a step of 1" and "mid-grey"
// from pictures of 0..255 into the model's own input space.

import { type Preprocessing, scalingOf } from "../image/preprocess.ts";

/** input[c] = pixel · scale[c] + offset[c], channels in the model's order. */
export interface PixelScale {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/**
 * The affine map of a preprocessing; the identity where none is known, as if the model took pixels.
 *
 * @throws {BAD_ARGUMENT} if it does not fit the number of channels
 */
export function pixelScale(preprocessing: Preprocessing | undefined, channels: number): PixelScale {
  const { scale, mean, std } = scalingOf(preprocessing ?? { preset: "raw" }, channels);
  const each = (values: readonly number[], c: number) => values[values.length === 1 ? 0 : c] as number;
  const all = Array.from({ length: channels }, (_, c) => c);
  return { scale: all.map((c) => scale / each(std, c)), offset: all.map((c) => -each(mean, c) / each(std, c)) };
}
