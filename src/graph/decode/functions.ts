// Functions that a model brings along (ModelProto.functions), put in place of the nodes that call them.

import { fail } from "../../errors.ts";
import type { AttributeProto, FunctionProto, GraphProto, NodeProto } from "../proto/onnx.ts";
import { failContradiction } from "./contradiction.ts";

const MAX_DEPTH = 64;
const MAX_NODES = 200_000;

/**
 * The nodes with every call of a model's own function replaced by the function's body. Names inside become
 * `call/name`, so that a module's name stays in those of its parts.
 *
 * @throws {BAD_MODEL} if functions call each other in a circle @throws {UNSUPPORTED_OPERATOR} if more than 200 000 nodes come of them
 */
export function inlineFunctions(nodes: readonly NodeProto[], functions: readonly FunctionProto[]): NodeProto[] {
  if (functions.length === 0) return [...nodes];
  const byKey = new Map(functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
  const calleeOf = (node: NodeProto) => byKey.get(keyOf(node.domain, node.opType, node.overload));
  checkExpansion(nodes, calleeOf);
  const scopeOf = uniqueScopes();
  const expand = (node: NodeProto): NodeProto[] => {
    const callee = calleeOf(node);
    if (!callee) return [{ ...node, attribute: node.attribute.map((a) => (a.g ? { ...a, g: inlineIn(a.g) } : a)) }];
    return bodyOf(callee, node, scopeOf(node)).flatMap(expand);
  };
  const inlineIn = (graph: GraphProto): GraphProto => ({ ...graph, node: graph.node.flatMap(expand) });
  return nodes.flatMap(expand);
}

/** Counts the nodes that would come of all calls, every function once, before any is written out. */
function checkExpansion(nodes: readonly NodeProto[], calleeOf: (node: NodeProto) => FunctionProto | undefined): void {
  const counts = new Map<FunctionProto, number | "counting">();
  const countAll = (all: readonly NodeProto[], depth: number): number => all.reduce((sum, node) => sum + count(node, depth), 0);
  const count = (node: NodeProto, depth: number): number => {
    const inside = node.attribute.reduce((sum, { g }) => sum + (g ? countAll(g.node, depth + 1) : 0), 0);
    const callee = calleeOf(node);
    return inside + (callee ? countOf(callee, depth + 1) : 1);
  };
  const countOf = (callee: FunctionProto, depth: number): number => {
    const known = counts.get(callee);
    if (known === "counting") failContradiction(`The model's function "${callee.name}" calls itself.`, { function: callee.name });
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) failDepth(callee);
    counts.set(callee, "counting");
    const total = countAll(callee.node, depth);
    counts.set(callee, total);
    return total;
  };
  const total = countAll(nodes, 0);
  if (total <= MAX_NODES) return;
  fail("UNSUPPORTED_OPERATOR", `The model's functions call each other so often that ${total} nodes would come of it; Pellucid reads up to ${MAX_NODES}.`, {
    hint: "Export the model without local functions.",
    details: { nodes: total, most: MAX_NODES },
  });
}

function failDepth({ name }: FunctionProto): never {
  return fail("UNSUPPORTED_OPERATOR", `The model's function "${name}" is called through more than ${MAX_DEPTH} others.`, {
    hint: "Export the model without local functions.",
    details: { function: name, most: MAX_DEPTH },
  });
}

function keyOf(domain = "", name = "", overload = ""): string {
  return JSON.stringify([domain, name, overload]);
}

/** A name for every call, after which the tensors inside are named: no two calls share one. */
function uniqueScopes(): (call: NodeProto) => string {
  const uses = new Map<string, number>();
  return (call) => {
    const base = call.name || call.output.find((name) => name !== "") || (call.opType ?? "");
    let scope = base;
    for (let i = uses.get(base) ?? 0; uses.has(scope); i++) {
      uses.set(base, i + 1);
      scope = `${base}_${i + 1}`;
    }
    uses.set(scope, 0);
    return scope;
  };
}

/** The function's nodes as if written where `call` stands. */
function bodyOf(callee: FunctionProto, call: NodeProto, scope: string): NodeProto[] {
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
