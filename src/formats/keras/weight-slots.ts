// Which weights a model's layers have, and in which order Keras's files list them.

import type { KerasLayer, KerasModel } from "./ir.ts";
import { readConfig } from "./layers/config.ts";
import { findLayer } from "./layers/table.ts";
import type { WeightSpec } from "./layers/weight-spec.ts";

/** A layer and one of its weights. */
export interface Slot {
  readonly layer: KerasLayer;
  /** Its place among the layer's weights. */
  readonly index: number;
  readonly spec: WeightSpec;
  /** Whether the weight was trainable when the file was written. */
  readonly trainable: boolean;
}

/** The weights that a layer itself declares. */
export function weightSpecs(layer: KerasLayer): readonly WeightSpec[] {
  return layer.operator ? [] : (findLayer(layer.kind)?.weights?.(readConfig(layer), layer) ?? []);
}

/** A layer and all that it holds: those of a nested model, and what a wrapper wraps. */
export function heldLayers(layer: KerasLayer): readonly KerasLayer[] {
  return [layer, ...(layer.wrapped ?? []).flatMap(heldLayers), ...(layer.model?.layers ?? []).flatMap(heldLayers)];
}

/** All layers of a model, with those of nested models. */
export function allLayers(model: KerasModel): readonly KerasLayer[] {
  return model.layers.flatMap(heldLayers);
}

/**
 * The weights of a layer, nested model or wrapper as Keras's `.h5` lists them: all trainable ones, then all others. A
 * frozen layer's weights are among the others, so freezing changes the order.
 */
export function slotsOf(layer: KerasLayer): readonly Slot[] {
  const all = slots(layer, true);
  return [...all.filter(({ trainable }) => trainable), ...all.filter(({ trainable }) => !trainable)];
}

function slots(layer: KerasLayer, free: boolean): Slot[] {
  const trainable = free && layer.trainable;
  const specs = weightSpecs(layer).map((spec, index) => ({ layer, index, spec, trainable: trainable && spec.trainable }));
  const own = specs.filter(({ spec }) => !spec.key && !spec.asset);
  return [...own, ...[...(layer.wrapped ?? []), ...(layer.model?.layers ?? [])].flatMap((inner) => slots(inner, trainable))];
}
