// TensorFlow.js models: a `model.json` and the shards of weights beside it.

import type { Opened } from "../../source.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { readModelJson } from "./model-json.ts";
import { readGraphModel } from "./read-graph-model.ts";
import { readLayersModel } from "./read-layers-model.ts";

/**
 * A TensorFlow.js model. Weights that are stored as they are stay in their files; quantized ones, and those that straddle
 * two files, are read.
 *
 * @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {UNSUPPORTED_OPERATOR} @throws {MISSING_FILE} @throws {UNSAFE_PATH}
 */
export async function readTfjs(opened: Opened): Promise<LoadedModel> {
  const json = await readModelJson(opened);
  return json.kind === "graph" ? readGraphModel(json, opened.folder, opened.name.replace(/\.json$/i, "")) : readLayersModel(json, opened.folder);
}
