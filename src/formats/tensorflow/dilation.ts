// Morphological dilation: y = max over a window of x + kernel, channel by channel.

import type { Value } from "../keras/layers/value.ts";
import { intsAttr } from "./attributes.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";
import { padsFor } from "./windows.ts";

/** More places in a window than that would make an unreasonable number of nodes. */
const MOST = 1024;

/** Every place of the window is a slice of x of its own. Kernels are [rows, columns, channels]. */
function dilate(w: NodeWriter): Value {
  const kernel = w.own(w.input(1));
  const [rows, columns, channels] = w.graphShape(kernel) as [number, number, number];
  if (rows * columns > MOST) w.fail("UNSUPPORTED_OPERATOR", `has a window of ${rows}×${columns}`);
  const [strides, rates] = [w.spatial("strides"), intsAttr(w.node, "rates").slice(1, 3)] as [number[], number[]];
  const x = padded(w, w.channelsAtOne(w.input(0)), [rows, columns], strides, rates);
  const reach = [rates[0] as number, rates[1] as number].map((rate, i) => rate * (([rows, columns][i] as number) - 1));
  const last = w
    .graphShape(x)
    .slice(2)
    .map((size, i) => size - (reach[i] as number));
  const places = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns] as const);
  const parts = places.map(([row, column]) => {
    const begin = [row * (rates[0] as number), column * (rates[1] as number)];
    const end = begin.map((from, i) => from + (last[i] as number));
    const part = w.emit("Slice", [x, w.ints(begin), w.ints(end), w.ints([2, 3]), w.ints(strides)]);
    const added = w.emit("Slice", [kernel, w.ints([row, column]), w.ints([row + 1, column + 1]), w.ints([0, 1])]);
    return w.emit("Add", [part, w.emit("Reshape", [added, w.ints([channels, 1, 1])])]);
  });
  return w.fromChannelsAtOne(w.emit("Max", parts));
}

/** Padding that is never the maximum. */
function padded(w: NodeWriter, x: string, kernel: readonly number[], strides: readonly number[], rates: readonly number[]): string {
  const pads = padsFor(w, x, kernel, strides, rates);
  if (pads.every((n) => n === 0)) return x;
  const [top, left, bottom, right] = pads as [number, number, number, number];
  return w.emit("Pad", [x, w.ints([0, 0, top, left, 0, 0, bottom, right]), w.scalar(-Infinity)]);
}

export const dilationOps: readonly TfOp[] = [{ op: "Dilation2D", least: 2, emit: dilate }];
