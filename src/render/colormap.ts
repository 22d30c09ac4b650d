// Numbers to colours: the colormaps of matplotlib, 256 entries each.

import { assert } from "../errors.ts";
import type { Image } from "../image/image.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { tables } from "./colormap-tables.ts";

/** Places along 0..1 and a channel's value there; linear between. */
type Segments = readonly (readonly [at: number, value: number])[];

/** matplotlib's jet, after MATLAB's. */
const jet: readonly Segments[] = [
  [
    [0, 0],
    [0.35, 0],
    [0.66, 1],
    [0.89, 1],
    [1, 0.5],
  ],
  [
    [0, 0],
    [0.125, 0],
    [0.375, 1],
    [0.64, 1],
    [0.91, 0],
    [1, 0],
  ],
  [
    [0, 0.5],
    [0.11, 1],
    [0.34, 1],
    [0.65, 0],
    [1, 0],
  ],
];

/** ColorBrewer's RdBu from blue to red. Color specifications and designs by Cynthia Brewer, colorbrewer.org, Apache-2.0. */
const blueRed = ["053061", "2166ac", "4393c3", "92c5de", "d1e5f0", "f7f7f7", "fddbc7", "f4a582", "d6604d", "b2182b", "67001f"];

const makers = {
  viridis: () => decodeTable(tables.viridis),
  magma: () => decodeTable(tables.magma),
  inferno: () => decodeTable(tables.inferno),
  turbo: () => decodeTable(tables.turbo),
  jet: () => fromSegments(jet),
  RdBu_r: () => fromSegments([0, 1, 2].map((c) => blueRed.map((hex, i) => [i / (blueRed.length - 1), hexByte(hex, c) / 255] as const))),
  grey: () => Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)),
} satisfies Record<string, () => Uint8Array>;

/** `RdBu_r` is for signed values: blue below the middle, red above, white in it. */
export type ColormapName = keyof typeof makers;

export const colormapNames = Object.keys(makers) as readonly ColormapName[];

const made = new Map<ColormapName, Uint8Array>();

/** The 256 colours of a map, as RGB triples. */
export function colormap(name: ColormapName): Uint8Array {
  const known = made.get(name);
  if (known) return known;
  const colors = makers[name]();
  made.set(name, colors);
  return colors;
}

/** A map of numbers `[H, W]` in colours, 0 first and 1 last as matplotlib has it. NaN is black. */
export function colorize(map: Tensor<"float32">, name: ColormapName): Image {
  assert(map.shape.length === 2, "colorize: not a map");
  const [height, width] = map.shape as [number, number];
  return paint(
    map.data.map((x) => Math.min(255, Math.max(0, Math.floor(x * 256)))),
    width,
    height,
    name,
  );
}

/** Entries of a colormap, 0..255, in colours. NaN is black. */
export function paint(entries: ArrayLike<number>, width: number, height: number, name: ColormapName): Image {
  const colors = colormap(name);
  const data = new Uint8Array(entries.length * 3);
  for (let i = 0; i < entries.length; i++) {
    const entry = 3 * (entries[i] as number);
    data[3 * i] = colors[entry] ?? 0;
    data[3 * i + 1] = colors[entry + 1] ?? 0;
    data[3 * i + 2] = colors[entry + 2] ?? 0;
  }
  return { width, height, data };
}

function decodeTable(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

function hexByte(hex: string, index: number): number {
  return Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
}

/** Red, green and blue by segments; values are cut to 8 bits, not rounded, as in matplotlib. */
function fromSegments(channels: readonly Segments[]): Uint8Array {
  return Uint8Array.from({ length: 768 }, (_, i) => Math.floor(valueAt(channels[i % 3] as Segments, Math.floor(i / 3) / 255) * 255 + 1e-9));
}

function valueAt(segments: Segments, x: number): number {
  const next = Math.max(
    1,
    segments.findIndex(([at]) => at >= x),
  );
  const [x0, y0] = segments[next - 1] as (typeof segments)[number];
  const [x1, y1] = segments[next] as (typeof segments)[number];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
