// Nodes in the order in which they can be computed, and the checks that they can be.

import { readsOf } from "../subgraph.ts";
import { type Node, nameNode } from "../types.ts";
import { failContradiction } from "./contradiction.ts";

/**
 * The nodes, each behind those that it reads from; unchanged if they are in order already.
 *
 * @param own inputs and initializers of the graph
 * @param outer tensors that a subgraph sees from around it
 * @throws {BAD_MODEL} if a tensor is made twice or by no node, or if nodes wait for each other
 */
export function inOrder(nodes: readonly Node[], own: ReadonlySet<string>, outer: ReadonlySet<string>): readonly Node[] {
  const makers = makersOf(nodes, own);
  const known = new Set([...outer, ...own].filter((name) => !makers.has(name)));
  if (isInOrder(nodes, known)) return nodes;
  const waiting = new Map<Node, number>();
  const readers = new Map<Node, Node[]>();
  for (const node of nodes) {
    const sources = new Set(readsOf(node).flatMap((name) => (known.has(name) ? [] : [makers.get(name) ?? failUnmade(node, name)])));
    waiting.set(node, sources.size);
    for (const source of sources) readers.get(source)?.push(node) ?? readers.set(source, [node]);
  }
  const order = nodes.filter((node) => waiting.get(node) === 0);
  for (const node of order) {
    for (const reader of readers.get(node) ?? []) {
      const left = (waiting.get(reader) as number) - 1;
      waiting.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  if (order.length < nodes.length) failCycle(nodes.find((node) => waiting.get(node) !== 0) as Node);
  return order;
}

function makersOf(nodes: readonly Node[], own: ReadonlySet<string>): Map<string, Node> {
  const makers = new Map<string, Node>();
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === "") continue;
      if (makers.has(name) || own.has(name)) {
        failContradiction(`The tensor "${name}" is made twice, the second time by ${nameNode(node)}.`, { tensor: name, node: node.name });
      }
      makers.set(name, node);
    }
  }
  return makers;
}

function isInOrder(nodes: readonly Node[], known: ReadonlySet<string>): boolean {
  const made = new Set(known);
  for (const node of nodes) {
    if (!readsOf(node).every((name) => made.has(name))) return false;
    for (const name of node.outputs) made.add(name);
  }
  return true;
}

function failUnmade(node: Node, name: string): never {
  return failContradiction(`${nameNode(node)} reads the tensor "${name}", which is no input, no weight, and made by no node.`, {
    node: node.name,
    tensor: name,
  });
}

function failCycle(node: Node): never {
  return failContradiction(`The graph runs in a circle: ${nameNode(node)} waits for its own output.`, { node: node.name });
}
