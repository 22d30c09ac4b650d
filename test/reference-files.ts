// Reads what tools/reference wrote.

import { readFileSync } from "node:fs";
import type { Image } from "../src/image/image.ts";
import { readNpy } from "../src/tensor/npy.ts";
import { type Tensor, toFloat32 } from "../src/tensor/tensor.ts";

/** The bytes of test/reference/`path`. */
export function referenceBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`reference/${path}`, import.meta.url)));
}

export function referenceJson<T>(path: string): T {
  return JSON.parse(new TextDecoder().decode(referenceBytes(path))) as T;
}

export function referenceTensor(path: string): Tensor {
  return readNpy(referenceBytes(path));
}

export function referenceFloats(path: string): Tensor<"float32"> {
  return toFloat32(referenceTensor(path));
}

/** A picture saved as a `.npy` of shape `[H, W, 3]`. */
export function referenceImage(path: string): Image {
  const { shape, data } = referenceTensor(path);
  return { width: shape[1] as number, height: shape[0] as number, data: data as Uint8Array };
}

/** The largest absolute difference of two lists of numbers of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
