// Pictures at other sizes, and elements moved between channels, batch and space.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** `[N, C, H, W]` at the constant size of input 1. Where pixels' centres lie is said by two flags. */
function resize(w: NodeWriter, mode: "linear" | "nearest"): Value {
  const given = w.channelsAtOne(w.input(0));
  const isInteger = w.dtype(given) === "int64";
  // Linear gives floats out of any type; nearest keeps integers, which ONNX Runtime resizes as int32.
  const x = w.cast(given, mode === "linear" ? "float32" : isInteger ? "int32" : w.dtype(given));
  const sizes = w.ints([...w.graphShape(x).slice(0, 2), ...w.pairConstant(1)]);
  const coordinates = w.flag("align_corners") ? "align_corners" : w.flag("half_pixel_centers") ? "half_pixel" : "asymmetric";
  // At halves, nearest rounds up, but without either flag it takes the pixel before.
  const nearest_mode = coordinates === "asymmetric" ? "floor" : "round_prefer_ceil";
  const rounding = mode === "nearest" ? { nearest_mode } : {};
  const resized = w.emit("Resize", [x, "", "", sizes], { mode, coordinate_transformation_mode: coordinates, ...rounding });
  return w.fromChannelsAtOne(mode === "linear" ? resized : w.cast(resized, w.dtype(given)));
}

/** TensorFlow counts blocks before channels: depth = (row, column, channel). */
function depthToSpace(w: NodeWriter): Value {
  const x = w.channelsAtOne(w.input());
  return w.fromChannelsAtOne(w.emit("DepthToSpace", [x], { blocksize: w.int("block_size"), mode: "DCR" }));
}

function spaceToDepth(w: NodeWriter): Value {
  const x = w.channelsAtOne(w.input());
  return w.fromChannelsAtOne(w.emit("SpaceToDepth", [x], { blocksize: w.int("block_size") }));
}

/** Pads, then every block of space becomes a batch: [N, H, W, …] → [b₁·b₂·N, H/b₁, W/b₂, …]. How old graphs dilate convolutions. */
function spaceToBatch(w: NodeWriter): Value {
  const [blocks, paddings] = [w.constant(1), w.constant(2)];
  const x = w.own(w.input(0));
  const before = blocks.map((_, i) => paddings[2 * i] as number);
  const behind = blocks.map((_, i) => paddings[2 * i + 1] as number);
  const rest = new Array<number>(w.graphShape(x).length - 1 - blocks.length).fill(0);
  const padded = w.emit("Pad", [x, w.ints([0, ...before, ...rest, 0, ...behind, ...rest])]);
  const [batch, ...sizes] = w.graphShape(padded) as [number, ...number[]];
  const [space, channels] = [sizes.slice(0, blocks.length), sizes.slice(blocks.length)];
  const parts = space.map((size, i) => size / (blocks[i] as number));
  const split = w.emit("Reshape", [padded, w.ints([batch, ...parts.flatMap((part, i) => [part, blocks[i] as number]), ...channels])]);
  const inner = blocks.map((_, i) => 2 * i + 2);
  const moved = w.transpose(split, [...inner, 0, ...inner.map((axis) => axis - 1), ...channels.map((_, i) => 2 * blocks.length + 1 + i)]);
  return { tensor: w.emit("Reshape", [moved, w.ints([batch * blocks.reduce((a, b) => a * b, 1), ...parts, ...channels])]) };
}

/** The way back: [b₁·b₂·N, H, W, …] → [N, H·b₁, W·b₂, …], then the edges are cut. */
function batchToSpace(w: NodeWriter): Value {
  const [blocks, crops] = [w.constant(1), w.constant(2)];
  const x = w.own(w.input(0));
  const [batch, ...sizes] = w.graphShape(x) as [number, ...number[]];
  const [space, channels] = [sizes.slice(0, blocks.length), sizes.slice(blocks.length)];
  const count = batch / blocks.reduce((a, b) => a * b, 1);
  const split = w.emit("Reshape", [x, w.ints([...blocks, count, ...space, ...channels])]);
  const m = blocks.length;
  const pairs = blocks.flatMap((_, i) => [m + 1 + i, i]);
  const moved = w.transpose(split, [m, ...pairs, ...channels.map((_, i) => 2 * m + 1 + i)]);
  const whole = space.map((size, i) => size * (blocks[i] as number));
  const joined = w.emit("Reshape", [moved, w.ints([count, ...whole, ...channels])]);
  const begin = blocks.map((_, i) => crops[2 * i] as number);
  const end = whole.map((size, i) => size - (crops[2 * i + 1] as number));
  return { tensor: w.emit("Slice", [joined, w.ints(begin), w.ints(end), w.ints(blocks.map((_, i) => i + 1))]) };
}

export const resizingOps: readonly TfOp[] = [
  { op: "ResizeBilinear", emit: (w) => resize(w, "linear") },
  { op: "ResizeNearestNeighbor", emit: (w) => resize(w, "nearest") },
  { op: "DepthToSpace", emit: depthToSpace },
  { op: "SpaceToDepth", emit: spaceToDepth },
  { op: "SpaceToBatchND", emit: spaceToBatch },
  { op: "BatchToSpaceND", emit: batchToSpace },
];
