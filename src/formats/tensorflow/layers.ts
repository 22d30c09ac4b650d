// The layers of a TensorFlow graph as users see them: nodes that compute features out of the input.

import { dependents } from "../../graph/subgraph.ts";
import type { Graph } from "../../graph/types.ts";
import { isFloat } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import type { Value } from "../keras/layers/value.ts";
import type { Layer } from "../loaded-model.ts";
import type { GraphNode } from "./graph-def.ts";
import { isComplex } from "./spectral.ts";
import { computes, type Written } from "./tf-graph.ts";

/** All layers whose tensors are in the graph. @param names what tensors are called there */
export function listLayers(written: Written, graph: Graph, names: ReadonlyMap<string, string>): Layer[] {
  const computed = dependents(
    graph.nodes,
    graph.inputs.map(({ name }) => name),
  );
  const seen = new Set(written.order.filter((node) => isFeature(written, node, computed)).map(({ name }) => name));
  const counted = new Set<string>();
  return written.order
    .filter(({ name }) => seen.has(name))
    .map((node): Layer => {
      const value = firstOutput(written, node);
      const read = readNodes(written, node, seen);
      const rank = written.axes.graph.shape(value.tensor).length;
      const channel = rank > 3 && written.graph.channelsFirst ? 1 : rank - 1;
      return {
        name: written.graph.names.get(node.name) as string,
        kind: node.op.replace(/^_?Fused(?!BatchNorm)/, ""),
        output: names.get(value.tensor) ?? value.tensor,
        inputs: [...read].filter((name) => seen.has(name)).map((name) => written.graph.names.get(name) as string),
        parameters: countParameters(written, read, counted),
        channelAxis: rank < 2 ? undefined : (value.order?.[channel] ?? channel),
        ...(value.order ? { ownOrder: value.order } : {}),
      };
    });
}

function firstOutput({ values }: Written, node: GraphNode): Value {
  return values.get(node.name)?.[0] as Value;
}

/** Whether a node's tensor is in the graph, depends on the input, and holds features: neither sizes, nor complex numbers, which are two tensors. */
function isFeature(written: Written, node: GraphNode, computed: ReadonlySet<string>): boolean {
  if (!computes(written.graph, node)) return false;
  const value = firstOutput(written, node);
  const { tensor } = value;
  const { dtype, shape } = written.axes.graph.info(tensor);
  return !isComplex(value) && computed.has(tensor) && isFloat(dtype) && shape.length > 0;
}

/** The nodes that a node reads, those behind nodes that are no layers included; nothing behind a layer or twice. */
function readNodes({ graph }: Written, node: GraphNode, seen: ReadonlySet<string>): Set<string> {
  const found = new Set(node.inputs.map((input) => input.node));
  // A set is walked to its end, what is added meanwhile included.
  for (const name of found) {
    if (!seen.has(name)) for (const input of (graph.nodes.get(name) as GraphNode).inputs) found.add(input.node);
  }
  return found;
}

/** Weights that a node reads and no layer before it does. */
function countParameters({ graph }: Written, read: ReadonlySet<string>, counted: Set<string>): number {
  let count = 0;
  for (const name of read) {
    const constant = graph.constants.get(name);
    if (constant && isFloat(constant.dtype) && !counted.has(name)) count += sizeOf(constant.shape);
    counted.add(name);
  }
  return count;
}
