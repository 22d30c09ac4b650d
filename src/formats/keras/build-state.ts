// What the layers of a model share while its graph is written: weights as tensors, and tensors in other orders.

import { fail } from "../../errors.ts";
import { GraphWriter } from "../../ops/writer.ts";
import { formatShape } from "../../tensor/tensor.ts";
import type { MaskRules } from "./config/mask-rules.ts";
import { emitCall } from "./emit.ts";
import type { KerasLayer } from "./ir.ts";
import { axesWriter } from "./layers/axes.ts";
import { readConfig } from "./layers/config.ts";
import type { BuildState } from "./layers/layer-writer.ts";
import { findLayer } from "./layers/table.ts";
import type { LayerWeight, ModelWeights } from "./weights.ts";

export interface StateOptions {
  readonly weights: ModelWeights;
  readonly masks: MaskRules;
  readonly channelsFirst: boolean;
  /** Whether the input has another size than the model was saved with. */
  readonly resized: boolean;
}

/** An empty graph to write layers into. */
export function createState({ weights, masks, channelsFirst, resized }: StateOptions): BuildState {
  const graph = new GraphWriter();
  const known = new Map<LayerWeight, string>();
  const find = (layer: KerasLayer, name: string) => {
    const specs = findLayer(layer.kind)?.weights?.(readConfig(layer), layer) ?? [];
    const index = specs.findIndex((spec) => spec.name === name);
    return { spec: specs[index], stored: weights.get(layer)?.[index] };
  };
  const state: BuildState = {
    ...axesWriter(graph),
    masks,
    channelsFirst,
    storedShape: (layer, name) => find(layer, name).stored?.weight.shape,
    weight(layer, name, seen, shape) {
      const { spec, stored = failMissing(layer, name) } = find(layer, name);
      checkShape(layer, name, stored, shape ?? spec?.shape(seen), resized);
      const tensor = known.get(stored) ?? writeWeight(graph, name, stored);
      known.set(stored, tensor);
      return tensor;
    },
    emitLayer(layer, inputs, kwargs = {}) {
      return emitCall(state, layer, { args: inputs.map((tensor) => ({ kind: "tensor", tensor })), kwargs });
    },
  };
  return state;
}

/** A weight's tensor as Keras 3 has it: float32, its axes in Keras's order. */
function writeWeight(graph: GraphWriter, name: string, { weight, order, turned }: LayerWeight): string {
  const stored = graph.weight(`${graph.scope}/${name}`, weight);
  const float = weight.dtype === "float32" ? stored : graph.emit("Cast", [stored], { to: 1 });
  const ordered = order ? graph.transpose(float, order) : float;
  return turned ? turn(graph, ordered) : ordered;
}

/** A kernel [rows, columns, …] turned by 180°. */
function turn(graph: GraphWriter, kernel: string): string {
  const axes = Array.from({ length: graph.shape(kernel).length - 2 }, (_, i) => i);
  const all = (value: number) => graph.ints(axes.map(() => value));
  return graph.emit("Slice", [kernel, all(-1), all(-(2 ** 31)), graph.ints(axes), all(-1)]);
}

function checkShape(layer: KerasLayer, name: string, { weight, order }: LayerWeight, wanted: readonly number[] | undefined, resized: boolean): void {
  const shape = order ? order.map((axis) => weight.shape[axis]) : weight.shape;
  if (wanted === undefined || String(wanted) === String(shape)) return;
  const what = `Layer "${layer.name}" (${layer.kind}): its "${name}" has the shape ${formatShape(weight.shape)} in the file, but ${formatShape(wanted)} is needed`;
  const details = { layer: layer.name, weight: name, stored: weight.shape, wanted };
  if (resized) {
    fail("SHAPE_MISMATCH", `${what} at this size of the input.`, { hint: "Use the size that the model was made for, or a layer before this one.", details });
  }
  fail("BAD_MODEL", `${what}.`, { hint: "The weights belong to another model than the architecture.", details });
}

function failMissing(layer: KerasLayer, name: string): never {
  return fail("BAD_MODEL", `Layer "${layer.name}" (${layer.kind}) has no "${name}" in the file.`, { details: { layer: layer.name, weight: name } });
}
