// TensorFlow's GraphDef as TensorFlow.js writes it: nodes by name, their inputs and attributes.

import { fail } from "../../errors.ts";
import { isList, isObject, type Json, type JsonObject } from "../json.ts";

/** Output `output` of a node. */
export interface OutputRef {
  readonly node: string;
  readonly output: number;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Without control inputs, which only order side effects. */
  readonly inputs: readonly OutputRef[];
  readonly attrs: JsonObject;
}

/** The nodes by name, in the file's order. @throws {BAD_MODEL} */
export function readGraphDef(topology: Json | undefined): ReadonlyMap<string, GraphNode> {
  if (!isObject(topology) || !isList(topology.node)) return fail("BAD_MODEL", "The graph model has no list of nodes.");
  const nodes = new Map<string, GraphNode>();
  for (const json of topology.node) {
    const node = readNode(json);
    if (nodes.has(node.name)) fail("BAD_MODEL", `Two nodes of the graph are named "${node.name}".`, { details: { node: node.name } });
    nodes.set(node.name, node);
  }
  for (const node of nodes.values()) {
    for (const input of node.inputs) if (!nodes.has(input.node)) failInput(node, input.node);
  }
  return nodes;
}

function readNode(json: Json): GraphNode {
  if (!isObject(json) || typeof json.name !== "string" || typeof json.op !== "string")
    return fail("BAD_MODEL", "A node of the graph has no name or no operator.");
  const inputs = isList(json.input) ? json.input.filter((input) => typeof input === "string") : [];
  return {
    name: json.name,
    op: json.op,
    inputs: inputs.filter((input) => !input.startsWith("^")).map(readOutputRef),
    attrs: isObject(json.attr) ? json.attr : {},
  };
}

/** `name` or `name:1`. */
export function readOutputRef(text: string): OutputRef {
  const [, node, output] = text.match(/^(.*?)(?::(\d+))?$/s) as RegExpMatchArray;
  return { node: node as string, output: Number(output ?? 0) };
}

function failInput(node: GraphNode, input: string): never {
  return fail("BAD_MODEL", `Node "${node.name}" (${node.op}) reads "${input}", which is not in the graph.`, { details: { node: node.name, input } });
}
