// What every layer answers to an input: the model run with one output per layer.

import type { Layer } from "../formats/loaded-model.ts";
import { subgraph } from "../graph/subgraph.ts";
import type { Model } from "../model.ts";
import { type Tensor, toFloat32 } from "../tensor/tensor.ts";
import { type ModelFeed, prepareFeed } from "./feeds.ts";

export interface ActivationsOptions {
  /** Which layers: names, globs, regular expressions. Default: all. */
  layer?: string | RegExp | readonly (string | RegExp)[];
  signal?: AbortSignal;
}

export interface Activation {
  readonly layer: Layer;
  /** Channels first, `[N, C, H, W]` for convolutions (as in the graph); `toOwnLayout` gives the model's own. */
  readonly tensor: Tensor<"float32">;
}

/**
 * The outputs of the layers, in the model's order. Layers that share a tensor (Dropout at inference) each get it.
 *
 * @throws {UNKNOWN_LAYER}
 * @example
 * const [first] = await activations(model, image, { layer: "block1_*" });
 */
export async function activations(model: Model, input: ModelFeed, { layer, signal }: ActivationsOptions = {}): Promise<Activation[]> {
  const { feeds, shapes } = prepareFeed(model, input);
  const layers = model.find(layer ?? "*");
  const at = model.atShapes(shapes);
  const names = [...new Set(layers.map((l) => l.output))];
  const outputs = names.map((name) => {
    const info = at.infos.get(name);
    return { name, dtype: info?.dtype ?? "float32", shape: info?.shape ?? [] } as const;
  });
  const results = await model.run(`activations ${JSON.stringify([shapes, names])}`, () => subgraph(at.graph, outputs), feeds, { signal });
  return layers.map((l) => ({ layer: l, tensor: toFloat32(results[l.output] as Tensor) }));
}
