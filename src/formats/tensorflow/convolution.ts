// Convolutions, plain and with what graph optimizers fuse into them. Kernels are [rows, columns, in, out]; ONNX Runtime folds
// the Transpose that turns them, so that the bytes stay in the user's file.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import { applyFused } from "./fused.ts";
import type { NodeWriter } from "./node-writer.ts";
import { explicitPads, padsFor } from "./windows.ts";

/** [rows, columns, in, out] → [out, in, rows, columns], or with one axis of space more. */
function outFirst(w: NodeWriter, kernel: string): string {
  const axes = w.graphShape(kernel).length - 2;
  return w.transpose(kernel, [axes + 1, axes, ...Array.from({ length: axes }, (_, i) => i)]);
}

/** [rows, columns, in, multiplier] → [in, multiplier, rows, columns]. */
const IN_FIRST = [2, 3, 0, 1];

function conv(w: NodeWriter): Value {
  const x = w.channelsAtOne(w.input(0));
  const kernel = outFirst(w, w.own(w.input(1)));
  const [channels, perGroup] = [w.graphShape(x)[1] as number, w.graphShape(kernel)[1] as number];
  const group = channels / perGroup;
  if (!(Number.isInteger(group) && group > 0)) w.fail("BAD_MODEL", `convolves ${channels} channels with kernels for ${perGroup}`);
  return emitConv(w, x, kernel, group);
}

/** Every channel with its own kernels: one group a channel. */
function depthwise(w: NodeWriter): Value {
  const x = w.channelsAtOne(w.input(0));
  const moved = w.transpose(w.own(w.input(1)), IN_FIRST);
  const [channels, multiplier, rows, columns] = w.graphShape(moved) as [number, number, number, number];
  return emitConv(w, x, w.axes.graph.reshape(moved, [channels * multiplier, 1, rows, columns]), channels);
}

function emitConv(w: NodeWriter, x: string, kernel: string, group: number): Value {
  const sizes = w.graphShape(kernel).slice(2);
  const [strides, dilations] = [w.spatial("strides", sizes.length), w.spatial("dilations", sizes.length)];
  const pads = padsFor(w, x, sizes, strides, dilations);
  return w.fromChannelsAtOne(w.emit("Conv", [x, kernel], { strides, dilations, pads, group }));
}

/** A convolution's gradient as a layer: inputs are the wanted shape, the kernel [rows, columns, out, in] and the data. */
function transposed(w: NodeWriter): Value {
  const first = w.channelsFirst ? 2 : 1;
  const wanted = w.constant(0).slice(first, first + 2);
  if (wanted.length !== 2) w.fail("BAD_MODEL", "does not say what height and width it makes");
  const x = w.channelsAtOne(w.input(2));
  const kernel = outFirst(w, w.own(w.input(1)));
  return w.fromChannelsAtOne(w.emit("ConvTranspose", [x, kernel], transposedWindows(w, w.graphShape(x).slice(2), w.graphShape(kernel).slice(2), wanted)));
}

/** What the full result has more than wanted is cut off, with SAME on both sides; what it has less is zero behind. */
function transposedWindows(w: NodeWriter, sizes: readonly number[], kernel: readonly number[], wanted: readonly number[]) {
  const [strides, dilations] = [w.spatial("strides"), w.spatial("dilations")];
  const full = sizes.map((size, i) => (strides[i] as number) * (size - 1) + (dilations[i] as number) * ((kernel[i] as number) - 1) + 1);
  const more = full.map((size, i) => size - (wanted[i] as number));
  const before = cutBefore(w, more);
  const behind = more.map((n, i) => n - (before[i] as number));
  const output_padding = behind.map((n) => Math.max(-n, 0));
  if (output_padding.some((n, i) => n >= (strides[i] as number))) w.fail("BAD_MODEL", `cannot make ${wanted.join("×")} out of ${full.join("×")}`);
  return { strides, dilations, pads: [...before, ...behind.map((n) => Math.max(n, 0))], output_padding };
}

/** Elements that are cut off before the result along each axis. @param more elements than wanted */
function cutBefore(w: NodeWriter, more: readonly number[]): number[] {
  const padding = w.text("padding", "VALID");
  if (padding === "EXPLICIT") return explicitPads(w).slice(0, more.length);
  return more.map((n) => (padding === "SAME" ? Math.floor(Math.max(n, 0) / 2) : 0));
}

export const convolutionOps: readonly TfOp[] = [
  { op: "Conv2D", emit: conv },
  { op: "Conv3D", emit: conv },
  { op: "_FusedConv2D", emit: (w) => applyFused(w, conv(w), 2) },
  { op: "DepthwiseConv2dNative", emit: depthwise },
  { op: "_FusedDepthwiseConv2dNative", emit: (w) => applyFused(w, depthwise(w), 2) },
  { op: "FusedDepthwiseConv2dNative", emit: (w) => applyFused(w, depthwise(w), 2) },
  { op: "Conv2DBackpropInput", emit: transposed },
];
