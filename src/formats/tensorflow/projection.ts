// Pictures turned, moved, scaled or seen from the side, as augmentation and spatial transformers do.

import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";
import { between, minus, type Pictures, pictures, pixelsAt } from "./pixels.ts";

/** Writes where, within 0 … size − 1, a position of the plane around a picture is read. */
type Mapping = (w: NodeWriter, position: string, size: number) => string;

const clamped: Mapping = (w, position, size) => w.emit("Clip", [position, w.scalar(0), w.scalar(size - 1)]);

/** dcba|abcd|dcba */
const reflected: Mapping = (w, position, size) => {
  const period = w.scalar(2 * size);
  const inPeriod = minus(w, position, w.emit("Mul", [w.emit("Floor", [w.emit("Div", [position, period])]), period]));
  const back = minus(w, w.scalar(2 * size - 1), inPeriod);
  return clamped(w, w.where(w.emit("Less", [inPeriod, w.scalar(size)]), inPeriod, back), size);
};

/** abcd|abcd|abcd, of which TensorFlow repeats the distances between size − 1 neighbours. */
const wrapped: Mapping = (w, position, size) => {
  if (size < 2) return clamped(w, position, size);
  const rounds = (distance: string) => w.emit("Floor", [w.emit("Div", [distance, w.scalar(size - 1)])]);
  const moved = (count: string) => w.emit("Mul", [count, w.scalar(size)]);
  const below = w.emit("Add", [position, moved(w.emit("Add", [rounds(w.emit("Neg", [position])), w.scalar(1)]))]);
  const above = minus(w, position, moved(rounds(position)));
  const outside = w.where(w.emit("Less", [position, w.scalar(0)]), below, above);
  const isInside = w.emit("And", [w.emit("GreaterOrEqual", [position, w.scalar(0)]), w.emit("LessOrEqual", [position, w.scalar(size - 1)])]);
  return clamped(w, w.where(isInside, position, outside), size);
};

const mappings: Readonly<Record<string, Mapping>> = { CONSTANT: (_, position) => position, NEAREST: clamped, REFLECT: reflected, WRAP: wrapped };

/** Pixels in whole rows and columns, and a value where those are not in the picture. */
function pixelsOr(w: NodeWriter, from: Pictures, picture: string, row: string, column: string, fill: string): string {
  const within = (x: string, size: number) => w.emit("And", [w.emit("GreaterOrEqual", [x, w.scalar(0)]), w.emit("LessOrEqual", [x, w.scalar(size - 1)])]);
  const found = pixelsAt(w, from, picture, clamped(w, row, from.height), clamped(w, column, from.width));
  return w.where(overChannels(w, w.emit("And", [within(row, from.height), within(column, from.width)])), found, fill);
}

function overChannels(w: NodeWriter, x: string): string {
  return w.emit("Unsqueeze", [x, w.ints([w.graphShape(x).length])]);
}

/** The nearest pixel; halves go away from 0. */
function nearest(w: NodeWriter, from: Pictures, picture: string, y: string, x: string, fill: string): string {
  const half = w.scalar(0.5);
  const rounded = (at: string) =>
    w.where(w.emit("Less", [at, w.scalar(0)]), w.emit("Ceil", [minus(w, at, half)]), w.emit("Floor", [w.emit("Add", [at, half])]));
  return pixelsOr(w, from, picture, rounded(y), rounded(x), fill);
}

/** The four pixels around, weighted. */
function bilinear(w: NodeWriter, from: Pictures, picture: string, y: string, x: string, fill: string): string {
  const [top, left] = [w.emit("Floor", [y]), w.emit("Floor", [x])];
  const next = (at: string) => w.emit("Add", [at, w.scalar(1)]);
  const across = (row: string) => {
    const at = (column: string) => pixelsOr(w, from, picture, row, column, fill);
    return between(w, at(left), at(next(left)), minus(w, x, left));
  };
  return between(w, across(top), across(next(top)), minus(w, y, top));
}

/**
 * Pixel (x, y) of the result is (a₀x + a₁y + a₂, b₀x + b₁y + b₂) / (c₀x + c₁y + 1) of the input. Gradients are those of the
 * interpolation; TensorFlow's own are an approximation by the inverse projection.
 */
function project(w: NodeWriter) {
  const from = pictures(w);
  const given = w.own(w.input(0));
  const [batch, height, width] = w.graphShape(given) as [number, number, number];
  const [rows, columns] = w.inputs.length > 2 ? w.pairConstant(2) : [height, width];
  const transforms = w.own(w.input(1));
  const count = w.graphShape(transforms)[0] as number;
  const counted = (size: number, dtype: "float32" | "int64", shape: readonly number[]) => w.emit("Reshape", [w.range(size, dtype), w.ints(shape)]);
  const [x, y] = [counted(columns, "float32", [1, 1, columns]), counted(rows, "float32", [1, rows, 1])];
  const coefficient = (i: number) => w.emit("Reshape", [w.emit("Slice", [transforms, w.ints([i]), w.ints([i + 1]), w.ints([1])]), w.ints([count, 1, 1])]);
  const plane = (i: number, constant: string) =>
    w.emit("Add", [w.emit("Add", [w.emit("Mul", [coefficient(i), x]), w.emit("Mul", [coefficient(i + 1), y])]), constant]);
  const depth = plane(6, w.scalar(1));
  const atInfinity = w.emit("Equal", [depth, w.scalar(0)]);
  const divisor = w.where(atInfinity, w.scalar(1), depth);
  const mode = w.text("fill_mode", "CONSTANT");
  const map = (Object.hasOwn(mappings, mode) ? mappings[mode] : undefined) ?? w.fail("UNSUPPORTED_OPERATOR", `fills up with "${mode}"`);
  const position = (i: number, size: number) => map(w, w.emit("Div", [plane(i, coefficient(i + 2)), divisor]), size);
  const read = w.text("interpolation", "NEAREST") === "BILINEAR" ? bilinear : nearest;
  const fill = w.inputs.length > 3 ? w.cast(w.input(3).tensor, "float32") : w.scalar(0);
  const found = read(w, from, counted(batch, "int64", [batch, 1, 1]), position(3, height), position(0, width), fill);
  return { tensor: w.cast(w.where(overChannels(w, atInfinity), fill, found), w.dtype(given)) };
}

export const projectionOps: readonly TfOp[] = ["ImageProjectiveTransformV2", "ImageProjectiveTransformV3"].map((op): TfOp => ({ op, least: 2, emit: project }));
