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

/** Batch normalization by stored statistics; scale, offset, mean and variance are the inputs from `first` on. */
export function normalizeBatch(w: NodeWriter, value: Value, first: number): Value {
  const x = w.channelsAtOne(value);
  const statistics = [0, 1, 2, 3].map((i) => w.own(w.input(first + i)));
  return w.fromChannelsAtOne(w.emit("BatchNormalization", [x, ...statistics], { epsilon: w.float("epsilon", 1e-4) }));
}

/** PRelu: y = x where x > 0, else alpha * x; alpha has one number a channel, or one an element. */
export function prelu(w: NodeWriter, x: Value, alpha: Value): Value {
  const { tensors, order } = w.aligned([x, alpha]);
  return { tensor: w.emit("PRelu", tensors), order };
}
