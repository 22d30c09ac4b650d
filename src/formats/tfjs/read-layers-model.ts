// TensorFlow.js layers models: a configuration of Keras, from the converter or as TensorFlow.js itself saves it.

import type { SourceFolder } from "../../source.ts";
import { isObject } from "../json.ts";
import { readModelConfig } from "../keras/config/model.ts";
import { loadKeras } from "../keras/keras-model.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { assignWeights } from "./layers-weights.ts";
import type { ModelJson } from "./model-json.ts";
import { readWeights } from "./read-weights.ts";

/** @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {MISSING_FILE} @throws {UNSAFE_PATH} */
export async function readLayersModel({ topology, manifest, producer }: ModelJson, folder: SourceFolder): Promise<LoadedModel> {
  const config = isObject(topology.model_config) ? topology.model_config : topology;
  const version = typeof topology.keras_version === "string" ? topology.keras_version : undefined;
  const { model, dialect } = readModelConfig(config, version);
  const weights = await assignWeights(model, await readWeights(manifest, folder), { keras1: dialect.major === 1, theano: false });
  return loadKeras({ format: "tfjs-layers", producer, model, weights, masks: dialect.masks });
}
