// PyTorch's innermost modules (nn.GELU, nn.Linear, nn.LayerNorm …), which exporters write as one node or several.

import type { Node } from "../../graph/types.ts";
import type { Flow } from "./flow.ts";
import { containersOf, type Scope } from "./scopes.ts";

/** One call of a module that holds no others. */
export interface ModuleCall {
  readonly path: string;
  /** In the graph's order. */
  readonly nodes: readonly Node[];
  /** What the module returned. */
  readonly output: string;
}

/** PyTorch's own modules are written in no more nodes; what is larger is a model without modules. */
const LARGEST = 16;

/** Calls of innermost modules that return one tensor. */
export function findModules(flow: Flow, scopes: ReadonlyMap<Node, Scope>): ModuleCall[] {
  const containers = containersOf(scopes.values());
  const calls: { path: string; nodes: Node[] }[] = [];
  for (const node of flow.graph.nodes) {
    const scope = scopes.get(node);
    if (node.outputs.every((name) => flow.isConstant(name))) continue;
    const last = calls.at(-1);
    const path = scope?.separator === "." && !containers.has(scope.path) ? scope.path : "";
    // A module that is called again has nodes of others in between.
    if (last && last.path === path) last.nodes.push(node);
    else calls.push({ path, nodes: [node] });
  }
  return calls.flatMap(({ path, nodes }) => {
    const outputs = path === "" || nodes.length > LARGEST ? [] : outputsOf(nodes, flow);
    return outputs.length === 1 ? [{ path, nodes, output: outputs[0] as string }] : [];
  });
}

/** Tensors that nodes outside read, or that the model gives. */
function outputsOf(nodes: readonly Node[], flow: Flow): string[] {
  const inside = new Set(nodes);
  const isGiven = (name: string) => flow.graph.outputs.some((output) => output.name === name);
  return nodes.flatMap((node) => node.outputs).filter((name) => name !== "" && (isGiven(name) || flow.readers(name).some((reader) => !inside.has(reader))));
}
