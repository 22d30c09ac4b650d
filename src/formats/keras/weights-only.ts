// Files that hold nothing but weights, for an architecture that comes from elsewhere.

import { fail } from "../../errors.ts";
import type { Source } from "../../source.ts";
import { openHdf5 } from "../hdf5/open-hdf5.ts";
import type { Hdf5 } from "../hdf5/types.ts";
import type { KerasModel } from "./ir.ts";
import { readGroups, type WeightGroup } from "./legacy-weights.ts";
import { readWeightsFile } from "./read-weights.ts";
import { allLayers, slotsOf, weightSpecs } from "./weight-slots.ts";
import type { ModelWeights } from "./weights.ts";

/** An opened file of weights. */
export interface WeightsOnly {
  readonly source: Source;
  readonly file: Hdf5;
  /** The layers and their weights, where Keras 1, 2 or tf.keras wrote the file; Keras 3's `.weights.h5` has none. */
  readonly groups: readonly WeightGroup[] | undefined;
}

/** Opens a file of weights. @throws {BAD_ARGUMENT} if it is a whole model @throws {BAD_MODEL} */
export async function openWeights(source: Source): Promise<WeightsOnly> {
  const file = await openHdf5(source);
  if ((await file.attribute("", "model_config")) !== undefined) {
    fail("BAD_ARGUMENT", `${source.name} is a whole model, with an architecture of its own.`, { hint: "Open it without another architecture." });
  }
  return { source, file, groups: await readGroups(file, "") };
}

/** The weights for a model's layers. @throws {BAD_MODEL} if they are those of another model */
export function weightsFor(model: KerasModel, { source, file }: WeightsOnly): Promise<ModelWeights> {
  return readWeightsFile(file, model, { keras1: false, theano: source.name.includes("_th_kernels") });
}

/** Whether the file has weights for as many layers as the model, as far as that can be told. Shapes are not compared. */
export async function hasWeightsFor(model: KerasModel, weights: WeightsOnly): Promise<boolean> {
  if (weights.groups) {
    const filled = weights.groups.filter((group) => group.weights.length > 0);
    return filled.length >= model.layers.filter((layer) => slotsOf(layer).length > 0).length;
  }
  const found = await weightsFor(model, weights);
  return allLayers(model).every((layer) => weightSpecs(layer).every(({ merged }, i) => merged || found.get(layer)?.[i] !== undefined));
}
