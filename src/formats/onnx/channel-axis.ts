// Which axis of every tensor holds the channels.

import { ints, readAttrs } from "../../graph/attributes.ts";
import type { Graph, Node } from "../../graph/types.ts";
import type { Info } from "../../ops/define.ts";

/** Operators of ONNX that have their channels on axis 1, whatever came before. */
const channelsFirst = new Set(
  `Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool BatchNormalization InstanceNormalization
  GroupNormalization LRN DepthToSpace SpaceToDepth`.split(/\s+/),
);

/** Operators that work along the last axis. */
const channelsLast = new Set(["Gemm", "MatMul", "LayerNormalization"]);

/** The channels' axis of every tensor that has one, by name. `inputs`: those of the model's inputs. */
export function channelAxes(graph: Graph, infos: ReadonlyMap<string, Info>, inputs: ReadonlyMap<string, number>): Map<string, number> {
  const axes = new Map(inputs);
  for (const node of graph.nodes) {
    for (const name of node.outputs) {
      const rank = infos.get(name)?.shape.length ?? 0;
      const axis = rank < 2 ? undefined : (axisOf(node, axes, infos, rank) ?? (rank === 3 ? 2 : 1));
      if (axis !== undefined) axes.set(name, axis);
    }
  }
  return axes;
}

function axisOf(node: Node, axes: ReadonlyMap<string, number>, infos: ReadonlyMap<string, Info>, rank: number): number | undefined {
  if (channelsFirst.has(node.op)) return 1;
  if (channelsLast.has(node.op) || rank === 2) return rank - 1;
  const source = node.inputs.find((name) => axes.has(name));
  if (source === undefined) return undefined;
  const axis = axes.get(source) as number;
  const from = infos.get(source)?.shape ?? [];
  if (node.op === "Transpose") {
    const { perm } = readAttrs(node, { perm: ints() });
    return perm ? perm.indexOf(axis) : rank - 1 - axis;
  }
  // Squeezed, reshaped and broadcast tensors: counted from the end that the channels are nearer to.
  const moved = from.length === rank || axis === 1 ? axis : rank - (from.length - axis);
  return moved > 0 && moved < rank ? moved : undefined;
}
