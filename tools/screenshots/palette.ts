// Screenshots in 256 colours, by median cut: a third of the bytes, and text as sharp as before.

import { decode, encode } from "fast-png";

type Color = readonly [red: number, green: number, blue: number];

/** Colours of the picture that become one of the palette, with how often each occurs. */
type Box = readonly (readonly [color: number, count: number])[];

const COLORS = 256;

export function withPalette(png: Uint8Array): Uint8Array {
  const { width, height, data, channels } = decode(png);
  const pixels = Uint32Array.from({ length: width * height }, (_, i) => packed(data as Uint8Array, i * channels));
  const counts = new Map<number, number>();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const boxes = cut([...counts]);
  const places = new Map(boxes.flatMap((box, place) => box.map(([color]) => [color, place] as const)));
  const indices = Uint8Array.from(pixels, (color) => places.get(color) as number);
  return encode({ width, height, data: indices, depth: 8, channels: 1, palette: boxes.map((box) => [...meanOf(box)]) }, { zlib: { level: 9 } });
}

function packed(data: Uint8Array, at: number): number {
  return ((data[at] as number) << 16) | ((data[at + 1] as number) << 8) | (data[at + 2] as number);
}

function unpacked(color: number): Color {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

/** The boxes that are left when the one that differs most within itself has been halved again and again. */
function cut(all: Box): Box[] {
  const boxes = [{ box: all, ...spreadOf(all) }];
  while (boxes.length < COLORS) {
    boxes.sort((a, b) => b.weight - a.weight);
    const [widest] = boxes as [(typeof boxes)[0]];
    if (widest.weight === 0) break;
    boxes.splice(0, 1, ...halves(widest.box, widest.channel).map((box) => ({ box, ...spreadOf(box) })));
  }
  return boxes.map(({ box }) => box);
}

/** The channel in which a box is widest, and how much that matters: its width times the root of its pixels. */
function spreadOf(box: Box): { channel: number; weight: number } {
  const widths = [0, 1, 2].map((channel) => {
    const values = box.map(([color]) => unpacked(color)[channel] as number);
    return values.reduce((most, x) => Math.max(most, x), 0) - values.reduce((least, x) => Math.min(least, x), 255);
  });
  const width = Math.max(...widths);
  return { channel: widths.indexOf(width), weight: width * Math.sqrt(box.reduce((sum, [, count]) => sum + count, 0)) };
}

/** Two boxes of as many pixels each as can be. */
function halves(box: Box, channel: number): [Box, Box] {
  const sorted = [...box].sort(([a], [b]) => (unpacked(a)[channel] as number) - (unpacked(b)[channel] as number));
  const half = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
  let [at, seen] = [0, 0];
  while (seen < half) seen += (sorted[at++] as (typeof sorted)[0])[1];
  const middle = Math.min(sorted.length - 1, Math.max(1, at));
  return [sorted.slice(0, middle), sorted.slice(middle)];
}

function meanOf(box: Box): Color {
  const total = box.reduce((sum, [, count]) => sum + count, 0);
  const mean = (channel: number) => Math.round(box.reduce((sum, [color, count]) => sum + (unpacked(color)[channel] as number) * count, 0) / total);
  return [mean(0), mean(1), mean(2)];
}
