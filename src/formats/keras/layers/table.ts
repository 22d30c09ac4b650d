// Every layer that Pellucid knows, by Keras's class: one explicit table, in families.

import { activationLayers } from "./activation.ts";
import { attentionLayers } from "./attention.ts";
import { CategoryEncoding } from "./categories.ts";
import { convLstmLayers } from "./conv-lstm.ts";
import { convolutionLayers } from "./convolution.ts";
import { coreLayers } from "./core.ts";
import type { LayerDef } from "./define.ts";
import { Discretization } from "./discretization.ts";
import { equalizingLayers } from "./equalizing.ts";
import { identityLayers } from "./identity.ts";
import { locallyConnectedLayers } from "./locally-connected.ts";
import { IntegerLookup } from "./lookup.ts";
import { mergeLayers } from "./merge.ts";
import { normalizationLayers } from "./normalization.ts";
import { poolingLayers } from "./pooling.ts";
import { recurrentLayers } from "./recurrent.ts";
import { reshapingLayers } from "./reshaping.ts";
import { resizingLayers } from "./resizing.ts";
import { scalingLayers } from "./scaling.ts";
import { spectrogramLayers } from "./spectrogram.ts";
import { wrapperLayers } from "./wrapper.ts";

/** Families in the order in which the docs list them. */
export const layerFamilies: Readonly<Record<string, readonly LayerDef[]>> = {
  convolution: [...convolutionLayers, ...locallyConnectedLayers],
  pooling: poolingLayers,
  normalization: normalizationLayers,
  activation: activationLayers,
  merge: mergeLayers,
  reshaping: reshapingLayers,
  resizing: resizingLayers,
  scaling: scalingLayers,
  core: coreLayers,
  attention: attentionLayers,
  recurrent: [...recurrentLayers, ...convLstmLayers],
  wrapper: wrapperLayers,
  identity: identityLayers,
  preprocessing: [...spectrogramLayers, CategoryEncoding, Discretization, IntegerLookup, ...equalizingLayers],
};

const table = new Map(
  Object.values(layerFamilies)
    .flat()
    .map((def) => [def.kind, def] as const),
);

/** The entry of a class, or undefined if it is not known. */
export function findLayer(kind: string): LayerDef | undefined {
  return table.get(kind);
}
