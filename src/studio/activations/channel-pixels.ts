// A channel of a layer's answer: its colours, its values, the place that is pointed at.

import type { LayerActivations } from "../engine/protocol.ts";

export function channelPixels(
  { size: [height, width], pixels }: LayerActivations,
  channel: number,
): { width: number; height: number; pixels: Uint8ClampedArray } {
  const count = height * width * 4;
  return { width, height, pixels: pixels.subarray(channel * count, (channel + 1) * count) };
}

export function valueAt({ size: [height, width], values }: LayerActivations, channel: number, x: number, y: number): number {
  return values[(channel * height + y) * width + x] ?? Number.NaN;
}

/** The channel's place under the pointer. */
export function placeAt(event: React.PointerEvent<HTMLElement>, [height, width]: readonly [number, number]): { x: number; y: number } {
  const canvas = event.currentTarget.querySelector("canvas") ?? event.currentTarget;
  const box = canvas.getBoundingClientRect();
  const along = (at: number, from: number, length: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(((at - from) / length) * count)));
  return { x: along(event.clientX, box.left, box.width, width), y: along(event.clientY, box.top, box.height, height) };
}
