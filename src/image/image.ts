// A picture in memory: 8-bit RGB, the form that decoding gives and encoding takes.

import { assert } from "../errors.ts";

/** A picture, RGB, row-major from the top left, 3 bytes a pixel. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Red, green and blue, 0..255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A picture of one colour. Default: black. */
export function createImage(width: number, height: number, color: Color = [0, 0, 0]): Image {
  const data = new Uint8Array(width * height * 3);
  if (color.some((c) => c !== 0)) for (let i = 0; i < data.length; i++) data[i] = color[i % 3] as number;
  return { width, height, data };
}

/** Copies all of `source` into `target` with its top left corner at (x, y); what falls outside is left out. */
export function paste(target: Image, source: Image, x: number, y: number): void {
  assert(Number.isInteger(x) && Number.isInteger(y), "paste: a place that is not whole");
  const left = Math.max(0, x);
  const right = Math.min(target.width, x + source.width);
  if (right <= left) return;
  for (let row = Math.max(0, y); row < Math.min(target.height, y + source.height); row++) {
    const from = ((row - y) * source.width + left - x) * 3;
    target.data.set(source.data.subarray(from, from + (right - left) * 3), (row * target.width + left) * 3);
  }
}

/** The luma of the pixel whose red is `data[at]`: ITU-R BT.601, whole, as Pillow's "L". */
export function luma(data: Uint8Array, at: number): number {
  return ((data[at] as number) * 19595 + (data[at + 1] as number) * 38470 + (data[at + 2] as number) * 7471 + 0x8000) >> 16;
}
