// `.keras` files: a zip archive of the configuration and an HDF5 file of weights; or the same members in a folder.

import { fail } from "../../errors.ts";
import { type Opened, readAll, type SourceFolder } from "../../source.ts";
import { openHdf5 } from "../hdf5/open-hdf5.ts";
import { decodeJson, isObject } from "../json.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { openZip } from "../zip/open-zip.ts";
import { readModelConfig } from "./config/model.ts";
import type { KerasModel } from "./ir.ts";
import { loadKeras } from "./keras-model.ts";
import { readWeightsFile } from "./read-weights.ts";
import { readShards } from "./sharded-weights.ts";
import type { ModelWeights } from "./weights.ts";

/**
 * A Keras model in `.keras`, or in a folder with the members of one.
 *
 * @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {MISSING_FILE}
 */
export async function readKerasZip({ source: file, folder }: Opened): Promise<LoadedModel> {
  const archive = file ? await openZip(file) : folder;
  const source = await archive.open("config.json");
  if (!source) return fail("BAD_MODEL", `${archive.name} has no config.json, so it is no Keras model.`, { hint: "Save the model again: model.save(path)." });
  const version = await readVersion(archive);
  const { model, dialect } = readModelConfig(decodeJson(await readAll(source), `config.json of ${archive.name}`), version);
  const weights = await readMemberWeights(archive, model);
  return loadKeras({ format: "keras", producer: `Keras ${version ?? dialect.major}`, model, weights, masks: dialect.masks });
}

async function readVersion(archive: SourceFolder): Promise<string | undefined> {
  const source = await archive.open("metadata.json");
  const json = source && decodeJson(await readAll(source), `metadata.json of ${archive.name}`);
  return isObject(json) && typeof json.keras_version === "string" ? json.keras_version : undefined;
}

async function readMemberWeights(archive: SourceFolder, model: KerasModel): Promise<ModelWeights> {
  const whole = await archive.open("model.weights.h5");
  if (whole) return readWeightsFile(await openHdf5(whole), model, { keras1: false, theano: false }, archive);
  const map = await archive.open("model.weights.json");
  if (map) return readShards(map, archive, model, archive);
  if (await archive.open("model.weights.npz")) {
    fail("BAD_MODEL", `${archive.name} keeps its weights as pickled numpy arrays (model.weights.npz), which Pellucid does not open.`, {
      hint: "Load the model with Keras 3.8 or older (newer ones do not open it either) and with h5py beside it, and save it again.",
    });
  }
  return fail("MISSING_FILE", `${archive.name} has no weights (model.weights.h5).`, { hint: "Get the whole file again, or save the model again." });
}
