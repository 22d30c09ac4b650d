// Brings convolutions to numbers of channels that ONNX Runtime's WebGPU provider computes rightly.
//
// Its vectorized kernel gives wrong numbers where a picture has 6, 9, 15, 18 … channels: a multiple of 3 beyond 3 itself
// that is none of 4, with filters larger than one pixel in a number that is a multiple of 4 (seen in 1.30).
// Source: https://github.com/microsoft/onnxruntime/issues/29651

import type { Graph, Node } from "../graph/types.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { Info } from "./define.ts";
import { rewrite } from "./rewrite.ts";
import type { GraphWriter } from "./writer.ts";

/** The graph with such convolutions padded by channels of zeros, to a multiple of 4. Its input shapes must be concrete. */
export function padChannels(graph: Graph): Graph {
  return rewrite(graph, (info) => {
    const wrong = graph.nodes.filter((node) => node.op === "Conv" && isMiscomputed(node, info));
    return new Map(wrong.map((node) => [node, (writer) => padded(writer, node)]));
  });
}

function isMiscomputed({ inputs, attrs }: Node, info: (name: string) => Info): boolean {
  const [filters, channels, ...kernel] = info(inputs[1] as string).shape as [number, number, ...number[]];
  const groups = attrs.group?.kind === "int" ? attrs.group.value : 1;
  return groups === 1 && channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && filters % 4 === 0 && sizeOf(kernel) > 1;
}

function padded(writer: GraphWriter, node: Node): Node {
  const [x, w, ...rest] = node.inputs as [string, string, ...string[]];
  return { ...node, inputs: [padAxisOne(writer, x), padAxisOne(writer, w), ...rest] };
}

function padAxisOne(writer: GraphWriter, name: string): string {
  const shape = writer.shape(name);
  const missing = 4 - ((shape[1] as number) % 4);
  const none = shape.map(() => 0);
  return writer.emit("Pad", [name, writer.ints([...none, ...none.map((_, axis) => (axis === 1 ? missing : 0))])]);
}
