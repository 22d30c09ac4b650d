// Puts other nodes in the place of some, for kernels that are slow or wrong with them.

import { subgraph } from "../graph/subgraph.ts";
import type { Graph, Node, ValueInfo } from "../graph/types.ts";
import type { Info } from "./define.ts";
import { type Concrete, concretize } from "./infer.ts";
import { weightInfo } from "./weights.ts";
import { GraphWriter } from "./writer.ts";

/** What stands for a node: writes what goes before it, returns the node that makes its outputs. */
export type Replacement = (writer: GraphWriter) => Node;

/**
 * The graph with the nodes replaced that `replace` gives something for; the same graph if that are none. All tensors keep
 * their names; what is not needed any more goes. The graph's input shapes must be concrete.
 */
export function rewrite(graph: Graph, replace: (info: (name: string) => Info) => ReadonlyMap<Node, Replacement>): Graph {
  const { infos } = concretize(graph);
  const replacements = replace((name) => infos.get(name) as Info);
  if (replacements.size === 0) return graph;
  const writer = startAnew({ graph, infos });
  for (const node of graph.nodes) writer.add(replacements.get(node)?.(writer) ?? node);
  const whole = writer.finish(graph.outputs.map(({ name }) => name));
  // Inputs stay, even where nothing reads them.
  return { ...subgraph(whole, whole.outputs), inputs: whole.inputs };
}

/** A writer with the graph's weights and inputs (or these of them), to add its nodes to: their names are kept for them. */
export function startAnew({ graph, infos }: Concrete, inputs: readonly ValueInfo[] = graph.inputs): GraphWriter {
  const given = inputs.map(({ name }) => [name, infos.get(name) as Info] as const);
  const weights = [...graph.initializers].map(([name, weight]) => [name, weightInfo(weight)] as const);
  const writer = new GraphWriter({ ...graph, inputs, nodes: [] }, new Map([...given, ...weights]));
  for (const { outputs } of graph.nodes) for (const name of outputs) if (name !== "") writer.reserve(name);
  return writer;
}
