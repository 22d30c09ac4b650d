// Finds the 3×3 convolutions that Winograd's minimal filtering makes faster on ONNX Runtime's CPU kernels.

import type { Graph, Node } from "../graph/types.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import { readConvolution } from "./convolution.ts";
import { unflipped } from "./convolution-gradient.ts";
import type { Info } from "./define.ts";
import { rewrite } from "./rewrite.ts";
import { type Convolution3x3, TILE, writeWinograd } from "./winograd-transform.ts";

/** Bytes up to which a kernel that is used in one direction only may grow: it quadruples. */
const KERNEL_LIMIT = 2 ** 23;

/**
 * The graph with such convolutions, forward and backward, rewritten: numbers change in the sixth digit. A quantized graph is
 * left alone: ONNX Runtime runs its convolutions on integers. Input shapes must be concrete.
 */
export function winograd(graph: Graph): Graph {
  if (graph.nodes.some(({ op }) => op === "QuantizeLinear")) return graph;
  return rewrite(graph, (info) => {
    const worthwhile = [...convolutions3x3(graph, info)].filter(([, conv]) => savesTime(conv));
    // Used forward and backward, the kernel takes the place of three copies: ONNX Runtime's own two, and the flipped one.
    const directions = new Set(worthwhile.map(([, { w, adjoint }]) => `${w} ${adjoint}`));
    const spares = ({ w, adjoint, from, to }: Convolution3x3) => directions.has(`${w} ${!adjoint}`) || 4 * 36 * from * to <= KERNEL_LIMIT;
    return new Map(worthwhile.filter(([, conv]) => spares(conv)).map(([node, conv]) => [node, (writer) => writeWinograd(writer, node, conv)]));
  });
}

/** The 3×3 convolutions at stride 1 whose kernels are constant. */
function convolutions3x3(graph: Graph, info: (name: string) => Info): Map<Node, Convolution3x3> {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const constants = constantsOf(graph);
  const found = new Map<Node, Convolution3x3>();
  for (const node of graph.nodes) {
    if (node.op !== "Conv" || !constants.has(node.inputs[1] as string)) continue;
    const conv = asConvolution3x3(node, info, (name) => makers.get(name));
    if (conv) found.set(node, conv);
  }
  return found;
}

/** Names of weights, and of what is computed from nothing else. */
function constantsOf({ initializers, nodes }: Graph): Set<string> {
  const constants = new Set(["", ...initializers.keys()]);
  for (const { inputs, outputs } of nodes) {
    if (inputs.length > 0 && inputs.every((name) => constants.has(name))) for (const name of outputs) constants.add(name);
  }
  return constants;
}

function asConvolution3x3(node: Node, info: (name: string) => Info, madeBy: (name: string) => Node | undefined): Convolution3x3 | undefined {
  const [data, kernel] = node.inputs as [string, string];
  const [{ dtype, shape: x }, { shape: w }] = [info(data), info(kernel)];
  if (dtype !== "float32" || formatShape(w.slice(2)) !== "[3, 3]") return undefined;
  const { strides, dilations, group, begin, output } = readConvolution(node, x, w);
  if (group !== 1 || [...strides, ...dilations].some((n) => n !== 1)) return undefined;
  const source = unflipped(kernel, madeBy, (name) => info(name).value);
  const [batch, channels, ...sizes] = x as [number, number, ...number[]];
  const axes = sizes.map((from, i) => {
    const [to, pad] = [output[i] as number, begin[i] as number];
    return { from, to, pad: source ? 2 - pad : pad };
  });
  return { w: source ?? kernel, adjoint: source !== undefined, batch, from: channels, to: w[0] as number, axes };
}

/**
 * Whether 36 products of matrices and what is around them take less time than the convolution, all in multiplications of
 * the convolution: a product's cost more, the larger kernel must be read, and so must the points of all tiles. Measured on
 * x86-64 with AVX-512.
 */
function savesTime({ batch, from, to, axes, adjoint }: Convolution3x3): boolean {
  const [rows, columns] = axes.map((axis) => Math.ceil((adjoint ? axis.from : axis.to) / TILE)) as [number, number];
  const kernel = 36 * from * to;
  const tiles = batch * rows * columns;
  const transform = ([height, width]: readonly number[]) => (height as number) * 6 * rows * ((width as number) + 6 * columns);
  const transforms = batch * (from * transform(axes.map((axis) => axis.from)) + to * transform(axes.map((axis) => axis.to)));
  const direct = 9 * from * to * batch * sizeOf(axes.map((axis) => (adjoint ? axis.from : axis.to)));
  return 1.2 * kernel * tiles + 24 * kernel + 1.5 * transforms + 16 * 36 * tiles * (from + to) < 0.9 * direct;
}
