// Which call of a layer a reference means: generations of Keras count the calls of nested models differently.

import { fail } from "../../../errors.ts";
import { type KerasLayer, type KerasModel, mapCall, type TensorRef } from "../ir.ts";
import type { Dialect } from "./dialect.ts";

/** The model with every reference checked, and counting calls from 0. @throws {BAD_MODEL} */
export function resolveNodes(model: KerasModel, dialect: Dialect): KerasModel {
  const layers = new Map<string, KerasLayer>();
  for (const layer of model.layers) {
    if (layers.has(layer.name)) fail("BAD_MODEL", `Two layers of model "${model.name}" are called "${layer.name}".`, { details: { layer: layer.name } });
    layers.set(layer.name, layer);
  }
  const inputs = new Set(model.inputs.map(({ layer }) => layer));
  const resolve = (ref: TensorRef, atEnd: boolean): TensorRef => {
    const layer = layers.get(ref.layer) ?? failReference(model, ref, "there is no such layer");
    const count = Math.max(layer.calls.length, inputs.has(layer.name) ? 1 : 0);
    const node = layer.model ? Math.min(Math.max(ref.node - firstCall(layer, dialect, atEnd), 0), count - 1) : ref.node;
    return Number.isInteger(node) && node >= 0 && node < count ? { ...ref, node } : failReference(model, ref, `it is called ${count} times`);
  };
  return {
    ...model,
    layers: model.layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) => mapCall(call, (ref) => resolve(ref, false))),
    })),
    inputs: model.inputs.map((ref) => resolve(ref, true)),
    outputs: model.outputs.map((ref) => resolve(ref, true)),
  };
}

/**
 * The number that a nested model's first call has. Its own construction counts as call 0 up to Keras 2; Keras 3 counts it
 * only where a functional model's ends are listed.
 */
function firstCall(layer: KerasLayer, dialect: Dialect, atEnd: boolean): number {
  if (dialect.major < 3) return 1;
  return atEnd && layer.model?.kind === "Functional" ? 1 : 0;
}

function failReference(model: KerasModel, ref: TensorRef, why: string): never {
  return fail("BAD_MODEL", `Model "${model.name}" reads output ${ref.node} of layer "${ref.layer}", but ${why}.`, { details: { ...ref } });
}
