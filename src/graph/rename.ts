// Gives tensors of a graph other names.

import type { Graph, ValueInfo } from "./types.ts";

/** The graph with its tensors renamed: from old name to new. The new names must be free. */
export function renameTensors(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const rename = (name: string) => names.get(name) ?? name;
  const renameInfo = (info: ValueInfo): ValueInfo => ({ ...info, name: rename(info.name) });
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) })),
    inputs: graph.inputs.map(renameInfo),
    outputs: graph.outputs.map(renameInfo),
    initializers: new Map([...graph.initializers].map(([name, weight]) => [rename(name), weight])),
  };
}
