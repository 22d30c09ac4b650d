// Cutting a graph down to what some tensors need.

import type { Graph, Node, ValueInfo } from "./types.ts";

/** The part of the graph that `outputs` depend on; inputs and initializers that nothing reads are dropped. */
export function subgraph(graph: Graph, outputs: readonly ValueInfo[]): Graph {
  const needed = new Set(outputs.map((output) => output.name));
  const kept: Node[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i] as Node;
    if (!node.outputs.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.inputs) if (name !== "") needed.add(name);
  }
  return {
    ...graph,
    nodes: kept.reverse(),
    inputs: graph.inputs.filter((input) => needed.has(input.name)),
    outputs,
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
  };
}

/** Names of the tensors that depend on any of `from` (themselves included). */
export function dependents(nodes: readonly Node[], from: Iterable<string>): Set<string> {
  const reached = new Set(from);
  for (const node of nodes) {
    if (node.inputs.some((name) => reached.has(name))) for (const name of node.outputs) reached.add(name);
  }
  return reached;
}

/** Names of the tensors that any of `to` depends on (themselves included). */
export function dependencies(nodes: readonly Node[], to: Iterable<string>): Set<string> {
  const needed = new Set(to);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as Node;
    if (node.outputs.some((name) => needed.has(name))) for (const name of node.inputs) if (name !== "") needed.add(name);
  }
  return needed;
}
