// Which nodes of a graph are layers: an operator worth seeing, or several nodes that are one to the people who built it.

import type { Node } from "../../graph/types.ts";
import { type Composite, findComposites } from "./composites.ts";
import type { Flow } from "./flow.ts";
import { findModules } from "./modules.ts";
import type { Scope } from "./scopes.ts";

/** A layer that has no name yet. */
export interface LayerDraft {
  readonly kind: string;
  /** In the graph's order. */
  readonly nodes: readonly Node[];
  /** The node that says most about the layer: the one with the weights, if there is one. */
  readonly main: Node;
  readonly output: string;
  /** The PyTorch module whose output this is, where one is made of these nodes. */
  readonly module?: string;
}

/** Operators with a kernel or matrix that the layer is known by. */
const weightedOps = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul", "FusedConv", "DeformConv"]);

/** Operators that only move, cut, choose or count elements, or change their type. */
const plumbing = new Set(
  `Identity Dropout Constant ConstantOfShape Shape Size Range Cast CastLike Reshape Flatten Squeeze Unsqueeze Transpose Slice Split Pad Crop
  Gather GatherElements GatherND Scatter ScatterElements ScatterND Expand Tile Where NonZero TopK ArgMax ArgMin OneHot Compress Unique Trilu EyeLike
  Equal Greater GreaterOrEqual Less LessOrEqual Not And Or Xor IsNaN IsInf Floor Ceil Round Sign Mod QuantizeLinear DequantizeLinear DynamicQuantizeLinear
  If Loop Scan NonMaxSuppression RandomNormal RandomNormalLike RandomUniform RandomUniformLike Bernoulli Multinomial CumSum`.split(/\s+/),
);

/** Whether a node's output is worth seeing. */
export function isVisible(node: Node, flow: Flow): boolean {
  const [output = ""] = node.outputs;
  return !plumbing.has(node.op) && !flow.isConstant(output) && !flow.isIndex(output);
}

export function isWeighted(node: Node, flow: Flow): boolean {
  return weightedOps.has(node.op) && flow.isConstant(node.inputs[1] ?? "");
}

/** The layers of a graph in its order, without names. */
export function layerDrafts(flow: Flow, scopes: ReadonlyMap<Node, Scope>): LayerDraft[] {
  const composites = findComposites(flow);
  const drafts = new Map<Node, LayerDraft>();
  const used = new Set<Node>();
  const put = (last: Node, draft: LayerDraft) => {
    drafts.set(last, draft);
    for (const node of draft.nodes) used.add(node);
  };
  for (const { path, nodes, output } of findModules(flow, scopes)) {
    const visible = nodes.filter((node) => isVisible(node, flow));
    if (visible.length > 0) put(nodes.at(-1) as Node, { ...describe(visible, flow, composites), nodes, output, module: path });
    else for (const node of nodes) used.add(node);
  }
  for (const [last, composite] of composites) {
    if (!composite.nodes.some((node) => used.has(node)))
      put(last, { kind: composite.kind, nodes: composite.nodes, main: last, output: last.outputs[0] as string });
  }
  for (const node of flow.graph.nodes) {
    if (used.has(node) || !isVisible(node, flow)) continue;
    const bias = isWeighted(node, flow) ? biasAfter(node, flow) : undefined;
    const nodes = bias && !used.has(bias) ? [node, bias] : [node];
    put(nodes.at(-1) as Node, { kind: node.op, nodes, main: node, output: nodes.at(-1)?.outputs[0] as string });
  }
  return flow.graph.nodes.flatMap((node) => drafts.get(node) ?? []);
}

/** What a module of several nodes is. */
function describe(visible: readonly Node[], flow: Flow, composites: ReadonlyMap<Node, Composite>): { kind: string; main: Node } {
  const weighted = visible.find((node) => isWeighted(node, flow));
  const last = visible.at(-1) as Node;
  if (weighted) return { kind: weighted.op, main: weighted };
  const composite = composites.get(last);
  if (composite) return { kind: composite.kind, main: last };
  const normalization = visible.find((node) => node.op.endsWith("Normalization"));
  if (normalization) return { kind: normalization.op, main: normalization };
  const ops = new Set(visible.map((node) => node.op));
  return { kind: ops.has("ReduceMean") && ops.has("Sqrt") ? "LayerNormalization" : last.op, main: last };
}

/** The Add of a constant to the output of `node`, if nothing else reads that. */
function biasAfter(node: Node, flow: Flow): Node | undefined {
  const [output = ""] = node.outputs;
  const [reader, ...others] = flow.readers(output);
  const isBias = reader?.op === "Add" && others.length === 0 && reader.inputs.some((name) => name !== output && flow.isConstant(name));
  return isBias && !flow.graph.outputs.some(({ name }) => name === output) ? reader : undefined;
}
