// A branch of an If, written where the If stands.

import type { Attribute, Graph, Node, Weight } from "./types.ts";

/** The branch's nodes and constants. Its outputs bear the names of the If's; what it holds inside becomes `if/name`. */
export function inlineBranch(node: Node, branch: Graph): { nodes: Node[]; initializers: [name: string, weight: Weight][] } {
  const scope = node.name || (node.outputs[0] ?? "");
  const made = new Set(branch.nodes.flatMap((inner) => inner.outputs));
  const pairs = node.outputs.flatMap((output, i) => (output !== "" && branch.outputs[i] ? [{ output, name: branch.outputs[i].name }] : []));
  const given = new Map<string, string>();
  for (const { name, output } of pairs) if (made.has(name) && !given.has(name)) given.set(name, output);
  const rename = (name: string) => given.get(name) ?? (name !== "" && (made.has(name) || branch.initializers.has(name)) ? `${scope}/${name}` : name);
  const copied = pairs.filter(({ name, output }) => given.get(name) !== output);
  const copies = copied.map(({ name, output }): Node => ({ op: "Identity", domain: "", name: output, inputs: [rename(name)], outputs: [output], attrs: {} }));
  return {
    nodes: [...branch.nodes.map((inner) => renamed(inner, rename, `${scope}/`)), ...copies],
    initializers: [...branch.initializers].map(([name, weight]) => [rename(name), weight]),
  };
}

function renamed(node: Node, rename: (name: string) => string, scope = ""): Node {
  const attrs = Object.entries(node.attrs).map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === "graph" ? { kind: "graph", value: renamedInside(attribute.value, rename) } : attribute,
  ]);
  return { ...node, name: `${scope}${node.name}`, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename), attrs: Object.fromEntries(attrs) };
}

/** A graph within a node, which sees the names around it but for those that it makes itself. */
function renamedInside(graph: Graph, rename: (name: string) => string): Graph {
  const own = new Set([...graph.inputs.map((input) => input.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((node) => node.outputs)]);
  const outer = (name: string) => (own.has(name) ? name : rename(name));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renamed(node, outer)),
    outputs: graph.outputs.map((output) => ({ ...output, name: outer(output.name) })),
  };
}
