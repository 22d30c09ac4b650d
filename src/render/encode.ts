// Pictures out, as the bytes of image files.

import { encode as encodePngData } from "fast-png";
import jpeg from "jpeg-js";
import type { Image } from "../image/image.ts";

/** A picture as a PNG: grey, with a palette, or in full colour, whichever holds it in the fewest bytes a pixel. */
export function encodePng(image: Image): Uint8Array {
  const { width, height } = image;
  return encodePngData({ width, height, depth: 8, ...(asGrey(image) ?? asPalette(image) ?? { data: image.data, channels: 3 }) }, { zlib: { level: 9 } });
}

/**
 * A picture as a JPEG, without chroma subsampling.
 *
 * @param quality 1..100. Default: 90.
 */
export function encodeJpeg({ width, height, data }: Image, quality = 90): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return withBuffer(() => new Uint8Array(jpeg.encode({ width, height, data: rgba }, quality).data));
}

interface Samples {
  readonly data: Uint8Array;
  readonly channels: number;
  readonly palette?: number[][];
}

function asGrey({ width, height, data }: Image): Samples | undefined {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    if (data[3 * i] !== data[3 * i + 1] || data[3 * i] !== data[3 * i + 2]) return undefined;
    grey[i] = data[3 * i] as number;
  }
  return { data: grey, channels: 1 };
}

/** By palette, if there are at most 256 colours: every picture that a colormap made. */
function asPalette({ width, height, data }: Image): Samples | undefined {
  const places = new Map<number, number>();
  const indices = new Uint8Array(width * height);
  for (let i = 0; i < indices.length; i++) {
    const color = ((data[3 * i] as number) << 16) | ((data[3 * i + 1] as number) << 8) | (data[3 * i + 2] as number);
    const place = places.get(color) ?? places.size;
    if (place === 256) return undefined;
    places.set(color, place);
    indices[i] = place;
  }
  return { data: indices, channels: 1, palette: [...places.keys()].map((color) => [color >> 16, (color >> 8) & 255, color & 255]) };
}

/** jpeg-js hands its bytes to Node's Buffer even where there is none: in browsers it gets what it needs of one. */
function withBuffer<T>(encode: () => T): T {
  const scope = globalThis as { Buffer?: unknown };
  if (scope.Buffer) return encode();
  scope.Buffer = { from: (bytes: number[]) => Uint8Array.from(bytes) };
  try {
    return encode();
  } finally {
    delete scope.Buffer;
  }
}
