// What a known network is asked for, and the order in which Keras lists its layers.

import type { KerasLayer, KerasModel } from "../formats/keras/ir.ts";
import { tensorsOfCall } from "../formats/keras/ir.ts";

export interface ArchitectureOptions {
  /** Whether the layers that name classes are there; without them the output is the last feature maps. */
  readonly includeTop: boolean;
  /** Number of classes. */
  readonly classes: number;
  /** Height and width of the input; `null` where it stays open. */
  readonly size: readonly [number | null, number | null];
}

/** A network of keras.applications with Keras's layer names, without weights. */
export type Architecture = (options: ArchitectureOptions) => KerasModel;

/**
 * Layers in the order of Keras's `model.layers`: those farthest from the output first, and at equal distance as a walk from
 * the output backwards meets them. Weights that go by position depend on it.
 *
 * @param layers every layer behind those that it reads; the last one is the output
 */
export function inKerasOrder(layers: readonly KerasLayer[]): KerasLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const inputsOf = (layer: KerasLayer) => layer.calls.flatMap(tensorsOfCall).map((ref) => byName.get(ref.layer) as KerasLayer);
  const depth = new Map(layers.map((layer) => [layer, 0]));
  for (const layer of layers.toReversed()) {
    for (const input of inputsOf(layer)) depth.set(input, Math.max(depth.get(input) as number, (depth.get(layer) as number) + 1));
  }
  const met = new Map<KerasLayer, number>();
  const waiting = [layers.at(-1) as KerasLayer];
  for (let layer = waiting.pop(); layer; layer = waiting.pop()) {
    if (met.has(layer)) continue;
    met.set(layer, met.size);
    waiting.push(...inputsOf(layer).toReversed());
  }
  const rank = (layer: KerasLayer) => met.get(layer) as number;
  return [...layers].sort((a, b) => (depth.get(b) as number) - (depth.get(a) as number) || rank(a) - rank(b));
}
