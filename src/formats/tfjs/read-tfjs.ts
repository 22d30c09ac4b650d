// TensorFlow.js models: a `model.json` and the shards of weights beside it.

import type { Opened } from "../../source.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { readModelJson } from "./model-json.ts";
import { readGraphModel } from "./read-graph-model.ts";
import { readLayersModel } from "./read-layers-model.ts";
import { withMetadata } from "./teachable-machine.ts";

/**
 * A TensorFlow.js model. Weights that are stored as they are stay in their files; quantized ones, and those that straddle
 * two files, are read.
 *
 * @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {UNSUPPORTED_OPERATOR} @throws {MISSING_FILE} @throws {UNSAFE_PATH}
 */
export async function readTfjs(opened: Opened): Promise<LoadedModel> {
  const json = await readModelJson(opened);
  const name = opened.name.replace(/\.json$/i, "");
  const model = json.kind === "graph" ? await readGraphModel(json, opened.folder, name) : await readLayersModel(json, opened.folder);
  return withMetadata(model, opened.folder);
}
