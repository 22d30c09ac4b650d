// Which layer a heatmap is drawn from, where the user names none: the last feature map that a convolution made.

import { fail } from "../errors.ts";
import type { Layer } from "../formats/loaded-model.ts";
import { dependencies } from "../graph/subgraph.ts";
import type { Node } from "../graph/types.ts";
import type { ModelAt } from "../model.ts";

/** Operators that end a feature map although they may keep its size. */
const ends = new Set(["MaxPool", "AveragePool", "LpPool", "Softmax", "LogSoftmax"]);

/**
 * The layer whose output is the last convolution's, once all that keeps its size has been applied: bias, normalization,
 * activation, the sum with a shortcut, the concatenation with other branches. `block5_conv3` in VGG16, `conv5_block3_out`
 * in ResNet50, `out_relu` in MobileNetV2. Maps of a single position are passed over, and so is the score itself.
 *
 * @throws {UNKNOWN_LAYER} if no convolution with more than one position leads to the score
 */
export function lastFeatureMap(at: ModelAt, score: string): Layer {
  const needed = dependencies(at.graph.nodes, [score]);
  const leads = (name: string) => name !== score && needed.has(name);
  const last = at.graph.nodes.findLastIndex((node) => node.op === "Conv" && leads(node.outputs[0] as string) && positions(at, node.outputs[0]) > 1);
  const map = new Set(last < 0 ? [] : [at.graph.nodes[last]?.outputs[0] as string]);
  for (const node of at.graph.nodes.slice(last + 1)) {
    if (last >= 0 && leads(node.outputs[0] as string) && keepsSize(at, node, map)) map.add(node.outputs[0] as string);
  }
  return (
    at.layers.findLast((layer) => map.has(layer.output) && layer.channelAxis !== undefined) ??
    fail("UNKNOWN_LAYER", "The model has no convolution whose output has more than one position, so no layer can be chosen for the heatmap.", {
      hint: "Name a layer whose output has height and width.",
      details: { score },
    })
  );
}

/** Whether a node carries a tensor of `map` on, at the same positions. */
function keepsSize(at: ModelAt, node: Node, map: ReadonlySet<string>): boolean {
  const from = node.inputs.find((name) => map.has(name));
  return from !== undefined && !ends.has(node.op) && spaceOf(at, node.outputs[0]).join() === spaceOf(at, from).join();
}

function positions(at: ModelAt, name: string | undefined): number {
  return spaceOf(at, name).reduce((n, d) => n * d, 1);
}

function spaceOf(at: ModelAt, name: string | undefined): readonly number[] {
  return at.infos.get(name ?? "")?.shape.slice(2) ?? [];
}
