// What flows where in a graph: who makes and reads a tensor, which depend on the model's inputs, which are only shapes.

import { readsOf } from "../../graph/subgraph.ts";
import type { Graph, Node } from "../../graph/types.ts";

export interface Flow {
  readonly graph: Graph;
  /** The node that makes a tensor. */
  maker(name: string): Node | undefined;
  /** The nodes that read a tensor, each once. */
  readers(name: string): readonly Node[];
  /** Whether a tensor depends on no input of the model. */
  isConstant(name: string): boolean;
  /** Whether a tensor holds shapes or positions instead of features. */
  isIndex(name: string): boolean;
  /** Names of the initializers that a constant tensor is made of. */
  roots(name: string): readonly string[];
}

/** Operators whose outputs are shapes or positions. */
const indexMakers = new Set(["Shape", "Size", "NonZero", "ArgMax", "ArgMin", "Range", "ConstantOfShape"]);

export function flowOf(graph: Graph): Flow {
  const makers = new Map<string, Node>();
  const readers = new Map<string, Node[]>();
  const constants = new Set(graph.initializers.keys());
  const indices = new Set<string>();
  for (const node of graph.nodes) {
    const reads = readsOf(node);
    for (const name of new Set(reads)) readers.get(name)?.push(node) ?? readers.set(name, [node]);
    const data = reads.filter((name) => !constants.has(name));
    const isIndex = indexMakers.has(node.op) || (data.length > 0 && data.every((name) => indices.has(name)));
    for (const name of node.outputs) {
      makers.set(name, node);
      if (data.length === 0) constants.add(name);
      if (isIndex) indices.add(name);
    }
  }
  const flow: Flow = {
    graph,
    maker: (name) => makers.get(name),
    readers: (name) => readers.get(name) ?? [],
    isConstant: (name) => constants.has(name),
    isIndex: (name) => indices.has(name),
    roots: (name) => rootsOf(flow, name),
  };
  return flow;
}

/** Looks behind nodes over constants; behind DequantizeLinear only at the quantized weights. */
function rootsOf(flow: Flow, name: string): string[] {
  const seen = new Set([name]);
  for (const tensor of seen) {
    const node = flow.maker(tensor);
    const inputs = node?.op === "DequantizeLinear" ? node.inputs.slice(0, 1) : (node?.inputs ?? []);
    for (const input of inputs) if (input !== "") seen.add(input);
  }
  return [...seen].filter((tensor) => flow.graph.initializers.has(tensor));
}
