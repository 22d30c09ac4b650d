// One channel of a layer for each item of a batch: what an ascent looks at. Behind a convolution, only that channel is
// computed, forward and backward.

import type { Layer } from "../formats/loaded-model.ts";
import { dataTypes } from "../graph/proto/onnx.ts";
import type { Node } from "../graph/types.ts";
import type { GraphWriter } from "../ops/writer.ts";
import { sizeOf } from "../tensor/tensor.ts";

/** A tensor and the seed under which its weighted sum is the mean of the chosen channel of each item. */
export interface ChosenChannels {
  readonly tensor: string;
  readonly seed: string;
}

/** Operators that treat every channel alike and by itself. */
const channelwise = new Set(
  "Identity Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Gelu Mish Clip BatchNormalization".split(" "),
);

/** Writes the choice. `channels` is an int64 tensor `[N]`. */
export function chooseChannels(writer: GraphWriter, layer: Layer, channels: string): ChosenChannels {
  const chain = layer.channelAxis === 1 ? chainTo(writer, layer.output) : undefined;
  return chain ? computeOnly(writer, chain, channels) : pick(writer, layer, channels);
}

/** A layer's channels as they are; the seed picks: 1 / positions on the chosen one, 0 elsewhere. */
function pick(writer: GraphWriter, layer: Layer, channels: string): ChosenChannels {
  const shape = writer.shape(layer.output);
  const axis = layer.channelAxis as number;
  const count = shape[axis] as number;
  const alone = (kept: number) => shape.map((d, i) => (i === kept ? d : 1));
  const numbers = writer.constant(
    "int64",
    alone(axis),
    Array.from({ length: count }, (_, i) => i),
  );
  const chosen = writer.emit("Equal", [writer.reshape(channels, alone(0)), numbers]);
  const dtype = writer.dtype(layer.output);
  const share = writer.emit("Mul", [writer.emit("Cast", [chosen], { to: dataTypes[dtype] }), writer.scalar(count / sizeOf(shape.slice(1)), dtype)]);
  return { tensor: layer.output, seed: writer.emit("Expand", [share, writer.ints(shape)]) };
}

/** The nodes from a convolution of all channels to `output`, where each of them keeps channels apart. */
function chainTo(writer: GraphWriter, output: string): readonly Node[] | undefined {
  const chain: Node[] = [];
  for (let name = output; ; name = chain[0]?.inputs[0] as string) {
    const node = writer.nodes.find(({ outputs }) => outputs[0] === name);
    if (!node) return undefined;
    chain.unshift(node);
    if (node.op === "Conv") return writer.shape(node.inputs[0] as string)[1] === writer.shape(node.inputs[1] as string)[1] ? chain : undefined;
    if (!channelwise.has(node.op)) return undefined;
  }
}

/**
 * The chain again with the chosen kernels only, one an item: a convolution in N groups over the items side by side,
 * `[1, N·C, …]` → `[1, N, …]`.
 */
function computeOnly(writer: GraphWriter, [conv, ...rest]: readonly Node[], channels: string): ChosenChannels {
  const [x, ...weights] = (conv as Node).inputs as [string, ...string[]];
  const [n, c, ...space] = writer.shape(x) as [number, number, ...number[]];
  const chosen = (names: readonly string[]) => names.map((name) => name && writer.emit("Gather", [name, channels], { axis: 0 }));
  const again = (node: Node, from: readonly string[], more: Node["attrs"] = {}) => {
    const output = writer.unique(`${node.outputs[0]}:chosen`);
    writer.add({ ...node, name: output, inputs: from, outputs: [output], attrs: { ...node.attrs, ...more } });
    return output;
  };
  const side = writer.reshape(x, [1, n * c, ...space]);
  let y = again(conv as Node, [side, ...chosen(weights)], { group: { kind: "int", value: n } });
  for (const node of rest) y = again(node, [y, ...(node.op === "BatchNormalization" ? chosen(node.inputs.slice(1)) : node.inputs.slice(1))]);
  const shape = writer.shape(y);
  const share = writer.scalar(1 / sizeOf(shape.slice(2)), writer.dtype(y));
  return { tensor: y, seed: writer.emit("Expand", [share, writer.ints(shape)]) };
}
