// Luma and chroma to RGB, with chroma planes of half resolution interpolated, as libjpeg (and so Pillow, TensorFlow and
// browsers) does it: jpeg-js itself repeats chroma samples and cuts where it should round.

import type { Image } from "./image.ts";

/** How many pixels one sample of a component covers. */
export interface Sampling {
  readonly x: number;
  readonly y: number;
}

/** A component at its stored resolution. */
interface Plane extends Sampling {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Interleaved Y, Cb and Cr, samples repeated, to RGB, in place. */
export function yccToRgb(image: Image, sampling: readonly Sampling[]): void {
  const { width, height, data } = image;
  const chroma = [1, 2].map((c) => planeOf(image, c, sampling[c] as Sampling));
  const [blues, reds] = [new Uint8Array(width), new Uint8Array(width)];
  for (let y = 0, at = 0; y < height; y++) {
    upsampleRow(chroma[0] as Plane, y, blues);
    upsampleRow(chroma[1] as Plane, y, reds);
    for (let x = 0; x < width; x++, at += 3) {
      const luma = data[at] as number;
      const cb = (blues[x] as number) - 128;
      const cr = (reds[x] as number) - 128;
      data[at] = clip(luma + 1.402 * cr);
      data[at + 1] = clip(luma - 0.344136286 * cb - 0.714136286 * cr);
      data[at + 2] = clip(luma + 1.772 * cb);
    }
  }
}

function clip(x: number): number {
  return x <= 0 ? 0 : x >= 255 ? 255 : Math.round(x);
}

/** The samples of a component, each once. */
function planeOf({ width, height, data }: Image, component: number, { x, y }: Sampling): Plane {
  const plane = { width: Math.ceil(width / x), height: Math.ceil(height / y), x, y };
  const samples = new Uint8Array(plane.width * plane.height);
  for (let row = 0, to = 0; row < plane.height; row++) {
    for (let column = 0; column < plane.width; column++) samples[to++] = data[(Math.ceil(row * y) * width + Math.ceil(column * x)) * 3 + component] as number;
  }
  return { ...plane, data: samples };
}

/**
 * One picture row of a component. Between half-resolution samples the nearer one counts three times as much as the
 * farther one, along each axis; other resolutions repeat their samples.
 */
function upsampleRow(plane: Plane, y: number, out: Uint8Array): void {
  const across = plane.x === 2 && plane.width > 2;
  const down = plane.y === 2 && (across || plane.x === 1);
  const near = Math.floor(y / plane.y);
  const far = down ? Math.min(plane.height - 1, Math.max(0, near + (y % 2 ? 1 : -1))) : near;
  const sum = (i: number) => 3 * (plane.data[near * plane.width + i] as number) + (plane.data[far * plane.width + i] as number);
  const last = plane.width - 1;
  for (let x = 0; x < out.length; x++) {
    const i = Math.floor(x / plane.x);
    if (!across) {
      out[x] = down ? (sum(i) + 1 + (y % 2)) >> 2 : (plane.data[near * plane.width + i] as number);
      continue;
    }
    const total = 3 * sum(i) + sum(Math.min(last, Math.max(0, i + (x % 2 ? 1 : -1))));
    out[x] = (total + roundingOf(down, x % 2)) >> 4;
  }
}

/** libjpeg alternates how halves are rounded, so that no colour drifts. */
function roundingOf(down: boolean, odd: number): number {
  if (down) return odd ? 7 : 8;
  return odd ? 8 : 4;
}
