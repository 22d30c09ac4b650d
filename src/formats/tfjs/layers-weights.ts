// Which weights of a TensorFlow.js layers model belong to which layer: by their names, `<layer>/<variable>`.

import { fail } from "../../errors.ts";
import type { Weight } from "../../graph/types.ts";
import type { KerasLayer, KerasModel } from "../keras/ir.ts";
import type { KernelStyle } from "../keras/kernels.ts";
import { assignGroups, type WeightGroup } from "../keras/legacy-weights.ts";
import { type Container, readVars } from "../keras/vars-weights.ts";
import { allLayers, heldLayers, slotsOf } from "../keras/weight-slots.ts";
import type { ModelWeights } from "../keras/weights.ts";

const containers: readonly Container[] = ["layers", "_layer_checkpoint_dependencies"];

/** The weights of a model's layers. @throws {BAD_MODEL} if they belong to another model */
export async function assignWeights(model: KerasModel, weights: ReadonlyMap<string, Weight>, style: KernelStyle): Promise<ModelWeights> {
  const container = containers.find((name) => [...weights.keys()].some((key) => key.startsWith(`${name}/`) && /\/vars\/\d+$/.test(key)));
  // Converted from Keras 3: paths of its own files.
  if (container) return readVars(model, async (path) => weights.get(path.replace(/^\//, "")), { container });
  const layers = model.layers.filter((layer) => slotsOf(layer).length > 0);
  const names = new Set(allLayers(model).map(({ name }) => name));
  return assignGroups(
    model,
    layers.map((layer) => groupOf(layer, weights, names)),
    style,
  );
}

/** The weights of a layer and of all that it holds, in the manifest's order, which is Keras's. @param names of all layers */
function groupOf(layer: KerasLayer, weights: ReadonlyMap<string, Weight>, names: ReadonlySet<string>): WeightGroup {
  const held = new Set(heldLayers(layer).map(({ name }) => name));
  const isOwn: readonly ((weight: string) => boolean)[] = [
    (weight) => held.has(ownerOf(weight, names) ?? ""),
    (weight) => [...held].some((owner) => isScopedOwner(weight, owner)),
    (weight) => [...held].some((owner) => isNumberedOwner(weight, owner)),
  ];
  for (const belongs of isOwn) {
    const own = [...weights].filter(([name]) => belongs(name));
    if (own.length > 0) return { name: layer.name, weights: own.map(([name, weight]) => ({ name, weight })) };
  }
  return fail("BAD_MODEL", `The weights manifest has no weights for layer "${layer.name}" (${layer.kind}).`, {
    hint: "The weights belong to another model than the topology; convert the model again.",
    details: { layer: layer.name, stored: [...weights.keys()].slice(0, 20) },
  });
}

/** The layer of `conv1/kernel`, and of `attention/query/kernel`, which belongs to a part of a layer: the longest name that fits. */
function ownerOf(weight: string, layers: ReadonlySet<string>): string | undefined {
  for (let end = weight.lastIndexOf("/"); end > 0; end = weight.lastIndexOf("/", end - 1)) {
    if (layers.has(weight.slice(0, end))) return weight.slice(0, end);
  }
  return undefined;
}

/** `model_1/conv1/kernel`. */
function isScopedOwner(weight: string, layer: string): boolean {
  return weight.includes(`/${layer}/`);
}

/** `conv1_1/kernel`: a second layer of this name in the session that wrote the file. */
function isNumberedOwner(weight: string, layer: string): boolean {
  return weight.startsWith(`${layer}_`) && /^\d+\//.test(weight.slice(layer.length + 1));
}
