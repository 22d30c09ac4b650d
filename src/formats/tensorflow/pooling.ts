// Pools over windows. Padding counts neither for the maximum nor for the mean.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";
import { padsFor } from "./windows.ts";

function pool(op: string, onnx: "MaxPool" | "AveragePool", axes = 2): TfOp {
  return {
    op,
    emit: (w) => {
      const x = w.channelsAtOne(w.input());
      // ONNX Runtime pools no integers, but doubles hold them all.
      const isInteger = w.dtype(x) === "int64";
      const pooled = w.emit(onnx, [isInteger ? w.cast(x, "float64") : x], windows(w, x, axes));
      return w.fromChannelsAtOne(w.cast(pooled, w.dtype(x)));
    },
  };
}

function windows(w: NodeWriter, x: string, axes: number) {
  const [kernel_shape, strides] = [w.spatial("ksize", axes), w.spatial("strides", axes)];
  return { kernel_shape, strides, pads: padsFor(w, x, kernel_shape, strides, new Array<number>(axes).fill(1)) };
}

/** The maxima, and where they were: as (row · columns + column) · channels + channel, or with the picture's number in front. */
function maxPoolWithArgmax(w: NodeWriter): Value[] {
  const x = w.channelsAtOne(w.input());
  const [batch, channels, height, width] = w.graphShape(x) as [number, number, number, number];
  const [y, index] = w.axes.graph.emitMany("MaxPool", [x], 2, windows(w, x, 2)) as [string, string];
  const counted = (size: number, shape: readonly number[], scale: number) =>
    w.axes.graph.constant(
      "int64",
      shape,
      Array.from({ length: size }, (_, i) => i * scale),
    );
  // ONNX counts the elements of [N, C, H, W].
  const pixel = w.emit("Mod", [index, w.integer(height * width)]);
  const inPicture = w.emit("Add", [w.emit("Mul", [pixel, w.integer(channels)]), counted(channels, [channels, 1, 1], 1)]);
  const first = counted(batch, [batch, 1, 1, 1], height * width * channels);
  const places = w.flag("include_batch_in_index") ? w.emit("Add", [inPicture, first]) : inPicture;
  return [w.fromChannelsAtOne(y), w.fromChannelsAtOne(places)];
}

export const poolingOps: readonly TfOp[] = [
  pool("MaxPool", "MaxPool"),
  pool("AvgPool", "AveragePool"),
  pool("MaxPool3D", "MaxPool", 3),
  pool("AvgPool3D", "AveragePool", 3),
  { op: "MaxPoolWithArgmax", emit: maxPoolWithArgmax },
];
