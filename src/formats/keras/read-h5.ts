// Whole models in HDF5: what Keras wrote until version 2, and still writes for names that end in `.h5`.

import { assert, fail } from "../../errors.ts";
import type { Opened } from "../../source.ts";
import { openHdf5 } from "../hdf5/open-hdf5.ts";
import type { AttributeValue } from "../hdf5/types.ts";
import { parseJson } from "../json.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { readModelConfig } from "./config/model.ts";
import { loadKeras } from "./keras-model.ts";
import { assignGroups, readGroups } from "./legacy-weights.ts";
import { readWeightsOnly } from "./read-architecture.ts";
import { styleOf } from "./read-weights.ts";

/**
 * A Keras model in `.h5`. A file of weights alone needs the architecture beside it.
 *
 * @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {MISSING_FILE}
 */
export async function readKerasH5({ source, folder }: Opened): Promise<LoadedModel> {
  assert(source, "an HDF5 file is a file");
  const file = await openHdf5(source);
  const config = await file.attribute("", "model_config");
  if (config === undefined) return readWeightsOnly(source, folder);
  const version = text(await file.attribute("", "keras_version"));
  const { model, dialect } = readModelConfig(parseJson(text(config) ?? "", `The model_config of ${source.name}`), version);
  const groups =
    (await readGroups(file, "model_weights")) ??
    fail("BAD_MODEL", `${source.name} has an architecture, but no weights.`, { hint: "Save the whole model: model.save(path)." });
  const style = await styleOf(file, "", { keras1: dialect.major === 1, theano: false });
  const producer = `Keras ${version ?? dialect.major}`;
  return loadKeras({ format: "keras-h5", producer, model, weights: assignGroups(model, groups, style), masks: dialect.masks });
}

function text(value: AttributeValue | undefined): string | undefined {
  return typeof value === "string" ? value : Array.isArray(value) && value.length === 1 && typeof value[0] === "string" ? value[0] : undefined;
}
