// Crops of pictures: boxes read at positions between the pixels.

import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";
import { between, minus, type Pictures, pictures, pixelsAt } from "./pixels.ts";

/** The four pixels around positions that are in range, weighted. */
function bilinear(w: NodeWriter, from: Pictures, picture: string, y: string, x: string): string {
  const [top, left] = [w.emit("Floor", [y]), w.emit("Floor", [x])];
  const [bottom, right] = [w.emit("Ceil", [y]), w.emit("Ceil", [x])];
  const across = (row: string) => between(w, pixelsAt(w, from, picture, row, left), pixelsAt(w, from, picture, row, right), minus(w, x, left));
  return between(w, across(top), across(bottom), minus(w, y, top));
}

/** Half up. */
function nearest(w: NodeWriter, from: Pictures, picture: string, y: string, x: string): string {
  const rounded = (position: string) => w.emit("Floor", [w.emit("Add", [position, w.scalar(0.5)])]);
  return pixelsAt(w, from, picture, rounded(y), rounded(x));
}

/** Positions [n, count] from one edge of each box to the other, which are parts of a picture's size; its middle for a count of 1. */
function boxPositions(w: NodeWriter, boxes: string, side: 0 | 1, size: number, count: number): string {
  const edge = (i: number) => w.emit("Mul", [w.emit("Slice", [boxes, w.ints([i]), w.ints([i + 1]), w.ints([1])]), w.scalar(size - 1)]);
  const [first, last] = [edge(side), edge(side + 2)];
  if (count === 1) return w.emit("Mul", [w.emit("Add", [first, last]), w.scalar(0.5)]);
  const steps = w.range(count, "float32");
  const step = w.emit("Div", [minus(w, last, first), w.scalar(count - 1)]);
  return w.emit("Add", [first, w.emit("Mul", [steps, step])]);
}

/** Whether positions lie between the first pixel and the last, and those that do; 0 in place of the others. */
function inRange(w: NodeWriter, position: string, size: number): { inside: string; position: string } {
  const inside = w.emit("And", [w.emit("GreaterOrEqual", [position, w.scalar(0)]), w.emit("LessOrEqual", [position, w.scalar(size - 1)])]);
  return { inside, position: w.emit("Where", [inside, position, w.scalar(0)]) };
}

/** Every box of its picture at one size; what lies beyond the picture has one value. */
const CropAndResize: TfOp = {
  op: "CropAndResize",
  least: 4,
  emit: (w) => {
    const from = pictures(w);
    const boxes = w.own(w.input(1));
    const [rows, columns] = w.pairConstant(3);
    const count = w.graphShape(boxes)[0] as number;
    const along = (position: string, shape: readonly number[]) => w.emit("Reshape", [position, w.ints(shape)]);
    const y = inRange(w, along(boxPositions(w, boxes, 0, from.height, rows), [count, rows, 1]), from.height);
    const x = inRange(w, along(boxPositions(w, boxes, 1, from.width, columns), [count, 1, columns]), from.width);
    const picture = along(w.own(w.input(2)), [count, 1, 1]);
    const read = w.text("method", "bilinear") === "nearest" ? nearest : bilinear;
    const found = read(w, from, picture, y.position, x.position);
    const inside = w.emit("Unsqueeze", [w.emit("And", [y.inside, x.inside]), w.ints([3])]);
    return { tensor: w.emit("Where", [inside, found, w.scalar(w.float("extrapolation_value", 0))]) };
  },
};

export const croppingOps: readonly TfOp[] = [CropAndResize];
