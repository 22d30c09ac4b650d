// Names when a branch of an If is written where the If stands.

import { expect, test } from "vitest";
import { inlineBranch } from "../../src/graph/branch.ts";
import type { Attribute, Graph, Node, Weight } from "../../src/graph/types.ts";

const weight: Weight = { dtype: "float32", shape: [], data: new Uint8Array(4) };

function node(op: string, inputs: string[], outputs: string[], attrs: Record<string, Attribute> = {}): Node {
  return { op, domain: "", name: op.toLowerCase(), inputs, outputs, attrs };
}

function graph(nodes: Node[], outputs: string[], weights: string[] = []): Graph {
  const infos = outputs.map((name) => ({ name, dtype: "float32", shape: [] }) as const);
  return { name: "", nodes, inputs: [], outputs: infos, initializers: new Map(weights.map((name) => [name, weight])), opset: 21, domains: {} };
}

const lines = (nodes: readonly Node[]) => nodes.map(({ op, name, inputs, outputs }) => `${op} ${name}: ${inputs} -> ${outputs}`);

test("what is inside gets the If's name in front, outputs get its outputs' names", () => {
  const branch = graph([node("Add", ["x", "w"], ["t"]), node("Relu", ["t"], ["u"])], ["u"], ["w"]);
  const { nodes, initializers } = inlineBranch(node("If", ["c"], ["y"]), branch);
  expect(lines(nodes)).toEqual(["Add if/add: x,if/w -> if/t", "Relu if/relu: if/t -> y"]);
  expect(initializers).toEqual([["if/w", weight]]);
});

test("outputs that are constants, outer tensors or given twice are copied", () => {
  const branch = graph([node("Relu", ["x"], ["t"])], ["t", "t", "w", "x"], ["w"]);
  const { nodes } = inlineBranch(node("If", ["c"], ["a", "b", "d", "e"]), branch);
  expect(lines(nodes)).toEqual(["Relu if/relu: x -> a", "Identity b: a -> b", "Identity d: if/w -> d", "Identity e: x -> e"]);
});

test("graphs inside keep their own names and see the new ones", () => {
  const inner = graph([node("Add", ["t", "own"], ["sum"])], ["sum"], ["own"]);
  const branch = graph([node("Relu", ["x"], ["t"]), node("Loop", ["n"], ["u"], { body: { kind: "graph", value: inner } })], ["u"]);
  const { nodes } = inlineBranch(node("If", ["c"], ["y"]), branch);
  const body = nodes[1]?.attrs.body?.value as Graph;
  expect(lines(body.nodes)).toEqual(["Add add: if/t,own -> sum"]);
  expect(body.outputs[0]?.name).toBe("sum");
});
