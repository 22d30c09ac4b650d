// Functions that a model brings along (ModelProto.functions), put in place of the nodes that call them.

import { fail } from "../../errors.ts";
import type { AttributeProto, FunctionProto, GraphProto, NodeProto } from "../proto/onnx.ts";

const MAX_DEPTH = 64;
const MAX_NODES = 1_000_000;

/**
 * The nodes with every call of a model's own function replaced by the function's body. Names inside become
 * `call/name`, so that a module's name stays in those of its parts.
 *
 * @throws {BAD_MODEL} if functions call each other without end
 */
export function inlineFunctions(nodes: readonly NodeProto[], functions: readonly FunctionProto[]): NodeProto[] {
  if (functions.length === 0) return [...nodes];
  const byKey = new Map(functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
  let total = 0;
  const expand = (node: NodeProto, depth: number): NodeProto[] => {
    if (depth > MAX_DEPTH || ++total > MAX_NODES) fail("BAD_MODEL", `The model's function "${node.opType}" calls itself without end.`);
    const callee = byKey.get(keyOf(node.domain, node.opType, node.overload));
    if (!callee) return [{ ...node, attribute: node.attribute.map((a) => (a.g ? { ...a, g: inlineIn(a.g, depth) } : a)) }];
    return bodyOf(callee, node).flatMap((inner) => expand(inner, depth + 1));
  };
  const inlineIn = (graph: GraphProto, depth: number): GraphProto => ({ ...graph, node: graph.node.flatMap((node) => expand(node, depth + 1)) });
  return nodes.flatMap((node) => expand(node, 0));
}

function keyOf(domain = "", name = "", overload = ""): string {
  return JSON.stringify([domain, name, overload]);
}

/** The function's nodes as if written where `call` stands. */
function bodyOf(callee: FunctionProto, call: NodeProto): NodeProto[] {
  const scope = call.name || call.output.find((name) => name !== "") || (call.opType ?? "");
  const names = new Map([
    ...callee.input.map((name, i) => [name, call.input[i] ?? ""] as const),
    ...callee.output.map((name, i) => [name, call.output[i] || `${scope}/${name}`] as const),
    ["", ""] as const,
  ]);
  const rename = (name: string) => names.get(name) ?? `${scope}/${name}`;
  const attributes = new Map([...callee.attributeProto, ...call.attribute].map((attribute) => [attribute.name, attribute]));
  return callee.node.map((node) => renamed(node, rename, attributes, scope));
}

type Attributes = ReadonlyMap<string | undefined, AttributeProto>;

function renamed(node: NodeProto, rename: (name: string) => string, attributes: Attributes, scope: string): NodeProto {
  return {
    ...node,
    name: `${scope}/${node.name || node.opType}`,
    input: node.input.map(rename),
    output: node.output.map(rename),
    attribute: node.attribute.flatMap((attribute) => boundAttribute(attribute, rename, attributes, scope)),
  };
}

/** The attribute with a reference to one of the call's attributes resolved; none where the call leaves it out. */
function boundAttribute(attribute: AttributeProto, rename: (name: string) => string, attributes: Attributes, scope: string): AttributeProto[] {
  if (attribute.refAttrName) {
    const bound = attributes.get(attribute.refAttrName);
    return bound ? [{ ...bound, name: attribute.name }] : [];
  }
  const { g } = attribute;
  return [g ? { ...attribute, g: renamedGraph(g, rename, attributes, scope) } : attribute];
}

function renamedGraph(graph: GraphProto, rename: (name: string) => string, attributes: Attributes, scope: string): GraphProto {
  const named = <T extends { name?: string }>(item: T): T => ({ ...item, name: rename(item.name ?? "") });
  return {
    ...graph,
    initializer: graph.initializer.map(named),
    input: graph.input.map(named),
    output: graph.output.map(named),
    node: graph.node.map((node) => renamed(node, rename, attributes, scope)),
  };
}
