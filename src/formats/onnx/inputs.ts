// A model's inputs, and in which layout they hold pictures.

import { ints, readAttrs } from "../../graph/attributes.ts";
import type { Node, ValueInfo } from "../../graph/types.ts";
import type { Layout, ModelInput } from "../loaded-model.ts";
import type { Flow } from "./flow.ts";

export function modelInput(input: ValueInfo, flow: Flow): ModelInput {
  return { name: input.name, dtype: input.dtype, shape: input.shape, layout: input.shape.length === 4 ? layoutOf(input, flow) : undefined };
}

/** From the operators that read the input, else from where a size of 1, 3 or 4 stands. */
function layoutOf({ name, shape }: ValueInfo, flow: Flow): Layout {
  const couldHoldChannels = (axis: number) => [1, 3, 4].includes(shape[axis] as number);
  const bySize = couldHoldChannels(3) && !couldHoldChannels(1) ? "NHWC" : "NCHW";
  return layoutByReaders(name, flow) ?? bySize;
}

function layoutByReaders(input: string, flow: Flow): Layout | undefined {
  const tensors = new Set([input]);
  for (const tensor of tensors) {
    for (const reader of flow.readers(tensor)) {
      if (reader.op === "Transpose") return turnsToChannelsFirst(reader) ? "NHWC" : undefined;
      if (reader.op === "Conv" || reader.op === "MaxPool" || reader.op === "AveragePool" || reader.op === "BatchNormalization") return "NCHW";
      if (keepsLayout(reader)) for (const output of reader.outputs) tensors.add(output);
    }
  }
  return undefined;
}

function turnsToChannelsFirst(node: Node): boolean {
  return readAttrs(node, { perm: ints([]) }).perm.join() === "0,3,1,2";
}

function keepsLayout({ op }: Node): boolean {
  return ["Add", "Sub", "Mul", "Div", "Cast", "Identity", "Pad", "Clip"].includes(op);
}
