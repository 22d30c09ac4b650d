// Small maps are shown enlarged, by a whole factor, so that every value stays a square.

import { type Image, resizeImage } from "pellucid";

/** Pixels that the longer side should have at least. */
const LEAST = 224;

/** The whole factor that brings a picture's longer side to at least 224 pixels. */
export function enlargement(height: number, width: number): number {
  return Math.max(1, Math.ceil(LEAST / Math.max(height, width)));
}

export function enlarge(image: Image): Image {
  const factor = enlargement(image.height, image.width);
  return factor === 1 ? image : resizeImage(image, image.height * factor, image.width * factor, "nearest");
}
