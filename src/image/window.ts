// Which part of a picture a model sees: the geometry that a heatmap needs to find its place on the original.

import { createImage, type Image, paste } from "./image.ts";

/**
 * How a picture is fitted to an input of another aspect ratio. `squash` stretches it, `crop` takes the largest centred
 * part that fits, `pad` shows all of it between bars.
 */
export type ResizePolicy = "squash" | "crop" | "pad";

/** The rectangle of the picture that the input shows, in the picture's pixels. With `pad` it reaches beyond the picture. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The rectangle of a picture that an input of `size` ([height, width]) shows.
 *
 * Source: `crop` and `pad` as `crop_to_aspect_ratio` and `pad_to_aspect_ratio` of Keras, whole pixels.
 */
export function windowOf(picture: { readonly width: number; readonly height: number }, size: readonly [number, number], policy: ResizePolicy): Window {
  const { width, height } = picture;
  if (policy === "squash") return { x: 0, y: 0, width, height };
  const [targetHeight, targetWidth] = size;
  const wide = Math.max(1, Math.floor((height * targetWidth) / targetHeight));
  const tall = Math.max(1, Math.floor((width * targetHeight) / targetWidth));
  const choose = policy === "crop" ? Math.min : Math.max;
  return centred(width, height, choose(width, wide), choose(height, tall));
}

function centred(width: number, height: number, windowWidth: number, windowHeight: number): Window {
  return { x: Math.floor((width - windowWidth) / 2), y: Math.floor((height - windowHeight) / 2), width: windowWidth, height: windowHeight };
}

/** The part of a picture that a window shows; black where it reaches beyond the picture. */
export function cutWindow(image: Image, { x, y, width, height }: Window): Image {
  if (x === 0 && y === 0 && width === image.width && height === image.height) return image;
  const cut = createImage(width, height);
  paste(cut, image, -x, -y);
  return cut;
}
