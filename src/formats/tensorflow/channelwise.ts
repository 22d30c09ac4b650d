// What adds, scales or bends each channel by numbers of its own.

import type { Value } from "../keras/layers/value.ts";
import type { NodeWriter } from "./node-writer.ts";

/** Adds one number a channel: along the last axis, or axis 1 if channels come first. */
export function addBias(w: NodeWriter, x: Value, bias: Value): Value {
  const rank = w.graphShape(x.tensor).length;
  const shape = [-1, ...new Array<number>(w.channelsFirst && rank > 2 ? rank - 2 : 0).fill(1)];
  const wide = shape.length > 1 ? { tensor: w.emit("Reshape", [w.own(bias), w.ints(shape)]) } : bias;
  const { tensors, order } = w.aligned([x, wide]);
  return { tensor: w.emit("Add", tensors), order };
}

/** Batch normalization; scale, offset, mean and variance are the inputs from `first` on. Training took the batch's own statistics. */
export function normalizeBatch(w: NodeWriter, value: Value, first: number): Value {
  const x = w.channelsAtOne(value);
  const [scale, offset, mean, variance] = [0, 1, 2, 3].map((i) => w.own(w.input(first + i))) as [string, string, string, string];
  const epsilon = w.float("epsilon", 1e-4);
  // Graphs without the attribute are optimized for inference, and have statistics.
  if (w.flag("is_training") || w.graphShape(mean).includes(0)) return w.fromChannelsAtOne(normalizeByBatch(w, x, scale, offset, epsilon));
  return w.fromChannelsAtOne(w.emit("BatchNormalization", [x, scale, offset, mean, variance], { epsilon }));
}

/** scale · (x − mean) / √(variance + ε) + offset of each channel of [N, C, …], over the batch and all of space. */
function normalizeByBatch(w: NodeWriter, x: string, scale: string, offset: string, epsilon: number): string {
  const rank = w.graphShape(x).length;
  const axes = w.ints(Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1));
  const wide = (parameter: string) => w.emit("Reshape", [parameter, w.ints([-1, ...new Array<number>(rank - 2).fill(1)])]);
  const centered = w.emit("Sub", [x, w.emit("ReduceMean", [x, axes])]);
  const variance = w.emit("ReduceMean", [w.emit("Mul", [centered, centered]), axes]);
  const normalized = w.emit("Div", [centered, w.emit("Sqrt", [w.emit("Add", [variance, w.scalar(epsilon)])])]);
  return w.emit("Add", [w.emit("Mul", [normalized, wide(scale)]), wide(offset)]);
}

/** PRelu: y = x where x > 0, else alpha * x; alpha has one number a channel, or one an element. */
export function prelu(w: NodeWriter, x: Value, alpha: Value): Value {
  const { tensors, order } = w.aligned([x, alpha]);
  return { tensor: w.emit("PRelu", tensors), order };
}
