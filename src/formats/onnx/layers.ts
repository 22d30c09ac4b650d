// The layers of an ONNX graph: names, kinds, sizes and what they read.

import { readsOf } from "../../graph/subgraph.ts";
import type { Graph, Node } from "../../graph/types.ts";
import { isFloat } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import type { Layer } from "../loaded-model.ts";
import { type LayerDraft, layerDrafts } from "./drafts.ts";
import { type Flow, flowOf } from "./flow.ts";
import { layerNames } from "./names.ts";
import { commonPrefix, type Scope, scopeOf } from "./scopes.ts";

/** A layer but for what depends on the input's shape. */
export type GraphLayer = Omit<Layer, "channelAxis">;

export type NodeMetadata = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** All layers of a graph in its order. `metadata`: what the file says about nodes, by their first output. */
export function graphLayers(graph: Graph, metadata: NodeMetadata): GraphLayer[] {
  const flow = flowOf(graph);
  const prefix = commonPrefix(graph.nodes.map((node) => node.name));
  const scopes = new Map<Node, Scope>();
  for (const node of graph.nodes) {
    const scope = scopeOf(node, metadata.get(node.outputs[0] ?? ""), prefix);
    if (scope) scopes.set(node, scope);
  }
  const drafts = layerDrafts(flow, scopes);
  const names = layerNames(drafts, flow, scopes, prefix);
  const byOutput = new Map(drafts.map((draft, i) => [draft.output, names[i] as string]));
  return drafts.map((draft, i) => ({
    name: names[i] as string,
    kind: draft.kind,
    output: draft.output,
    inputs: sourcesOf(draft, flow, byOutput),
    parameters: parametersOf(draft, flow),
  }));
}

/** The nearest layers above, through nodes that are no layers. */
function sourcesOf(draft: LayerDraft, flow: Flow, byOutput: ReadonlyMap<string, string>): string[] {
  const inside = new Set(draft.nodes.flatMap((node) => node.outputs));
  const tensors = new Set(draft.nodes.flatMap((node) => node.inputs).filter((name) => !inside.has(name)));
  const found = new Set<string>();
  for (const tensor of tensors) {
    const layer = byOutput.get(tensor);
    const maker = flow.maker(tensor);
    if (layer !== undefined) found.add(layer);
    else if (maker) for (const input of readsOf(maker)) tensors.add(input);
  }
  return [...found];
}

/** Operators whose constants are limits and sizes. */
const unweighted = new Set(["Clip", "Resize", "Upsample", "Min", "Max", "Pow"]);

/** Elements of all weights; single numbers and integers (shapes, axes) do not count. */
function parametersOf(draft: LayerDraft, flow: Flow): number {
  const constants = draft.nodes.filter(({ op }) => !unweighted.has(op)).flatMap((node) => node.inputs.filter((name) => name !== "" && flow.isConstant(name)));
  const roots = new Set(constants.flatMap((name) => flow.roots(name)));
  let count = 0;
  for (const root of roots) {
    const weight = flow.graph.initializers.get(root);
    const size = weight ? sizeOf(weight.shape) : 0;
    if (weight && (isFloat(weight.dtype) || weight.dtype.endsWith("int8")) && size > 1) count += size;
  }
  return count;
}
