// Cutting a graph down to what some tensors need.

import type { Graph, Node, ValueInfo } from "./types.ts";

/** Names of the tensors that a node reads, those that its subgraphs (of If, Loop) read from around them included. */
export function readsOf(node: Node): string[] {
  const names = node.inputs.filter((name) => name !== "");
  for (const attribute of Object.values(node.attrs)) if (attribute.kind === "graph") names.push(...captured(attribute.value));
  return names;
}

/** Names of the tensors that a subgraph reads and does not hold itself. */
function captured(graph: Graph): string[] {
  const own = new Set([...graph.inputs.map((input) => input.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((node) => node.outputs)]);
  return [...graph.nodes.flatMap(readsOf), ...graph.outputs.map((output) => output.name)].filter((name) => !own.has(name));
}

/** The part of the graph that `outputs` depend on; inputs and initializers that nothing reads are dropped. */
export function subgraph(graph: Graph, outputs: readonly ValueInfo[]): Graph {
  const names = outputs.map((output) => output.name);
  const needed = dependencies(graph.nodes, names);
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => node.outputs.some((name) => needed.has(name))),
    inputs: graph.inputs.filter((input) => needed.has(input.name)),
    outputs,
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
  };
}

/** Names of the tensors that depend on any of `from` (themselves included). */
export function dependents(nodes: readonly Node[], from: Iterable<string>): Set<string> {
  const reached = new Set(from);
  for (const node of nodes) {
    if (readsOf(node).some((name) => reached.has(name))) for (const name of node.outputs) reached.add(name);
  }
  return reached;
}

/** Names of the tensors that any of `to` depends on (themselves included). */
export function dependencies(nodes: readonly Node[], to: Iterable<string>): Set<string> {
  const needed = new Set(to);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as Node;
    if (node.outputs.some((name) => needed.has(name))) for (const name of readsOf(node)) needed.add(name);
  }
  return needed;
}
