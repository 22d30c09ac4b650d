// Pictures upright: the orientation that cameras write into EXIF.

import type { Image } from "./image.ts";

const ORIENTATION = 0x0112;
const SHORT = 3;

/** The orientation, 1..8, of an EXIF block (a TIFF header with its first directory); 1 where it says none. */
export function exifOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  if (tiff.length < 14 || view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const end = Math.min(tiff.length - 12, directory + 2 + (view.getUint16(directory, little) - 1) * 12);
  for (let entry = directory + 2; entry <= end; entry += 12) {
    if (view.getUint16(entry, little) !== ORIENTATION || view.getUint16(entry + 2, little) !== SHORT) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The picture as it should be seen, from the picture as it was stored. */
export function upright(image: Image, orientation: number): Image {
  if (orientation === 1) return image;
  const { width, height } = orientation < 5 ? image : { width: image.height, height: image.width };
  const { start, right, down } = walkOf(orientation, image.width, image.height);
  const data = new Uint8Array(image.data.length);
  for (let y = 0, to = 0; y < height; y++) {
    let from = (start + y * down) * 3;
    for (let x = 0; x < width; x++, from += right * 3) {
      data[to++] = image.data[from] as number;
      data[to++] = image.data[from + 1] as number;
      data[to++] = image.data[from + 2] as number;
    }
  }
  return { width, height, data };
}

/** Where the upright picture begins in the stored one, and how many stored pixels one step to the right or down is. */
function walkOf(orientation: number, width: number, height: number): { start: number; right: number; down: number } {
  const topRight = width - 1;
  const bottomLeft = (height - 1) * width;
  const bottomRight = height * width - 1;
  const walks = [
    { start: 0, right: 1, down: width },
    { start: topRight, right: -1, down: width },
    { start: bottomRight, right: -1, down: -width },
    { start: bottomLeft, right: 1, down: -width },
    { start: 0, right: width, down: 1 },
    { start: bottomLeft, right: -width, down: 1 },
    { start: bottomRight, right: -width, down: -1 },
    { start: topRight, right: width, down: -1 },
  ];
  return walks[orientation - 1] as (typeof walks)[number];
}
