// A model's architecture as JSON, and the weights that lie beside it in a file of their own.

import { assert, fail } from "../../errors.ts";
import { type Opened, readAll, type Source, type SourceFolder } from "../../source.ts";
import { openHdf5 } from "../hdf5/open-hdf5.ts";
import { decodeJson, isObject, type Json } from "../json.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { type ModelConfig, readModelConfig } from "./config/model.ts";
import { loadKeras } from "./keras-model.ts";
import { readWeightsFile } from "./read-weights.ts";
import { isShardMap, readShards } from "./sharded-weights.ts";

/** Names that an architecture goes by beside weights; `*` is the name that both have, without `_weights` or `_config`. */
const ARCHITECTURES = ["*.json", "*_weights.json", "*_config.json", "*_architecture.json", "architecture.json", "model.json", "config.json"];
/** And weights beside an architecture. */
const WEIGHTS = ["*.weights.h5", "*.h5", "*_weights.h5", "*_config.h5", "*_architecture.h5", "model.weights.h5", "weights.h5", "model.h5"];

/**
 * A model from JSON: its architecture (`model.to_json()`) with the weights beside it, or the map of sharded weights with the
 * architecture beside it.
 *
 * @throws {MISSING_FILE} if one of them is not there @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER}
 */
export async function readKerasJson({ source, folder }: Opened): Promise<LoadedModel> {
  assert(source, "JSON is a file");
  const json = await parse(source);
  if (isShardMap(json)) return readWeightsOnly(source, folder);
  const config = asArchitecture(json);
  const stem = stemOf(source.name);
  const weights =
    (await openFirst(folder, WEIGHTS, stem)) ??
    fail("MISSING_FILE", `${source.name} is the architecture of a Keras model; its weights are not beside it.`, {
      hint: `Put them into the same folder as ${stem}.weights.h5 or model.weights.h5.`,
      details: { tried: WEIGHTS.map((name) => name.replace("*", stem)) },
    });
  return join(config, weights, folder);
}

/** A model from a file that holds weights only, with the architecture beside it. @throws {MISSING_FILE} @throws {BAD_MODEL} */
export async function readWeightsOnly(source: Source, folder: SourceFolder): Promise<LoadedModel> {
  const stem = stemOf(source.name);
  const architecture =
    (await openFirst(folder, ARCHITECTURES, stem)) ??
    fail("MISSING_FILE", `${source.name} holds weights without an architecture.`, {
      hint: `Put the architecture (model.to_json()) beside it as ${stem}.json or architecture.json, name it (--architecture), or save the whole model.`,
      details: { tried: ARCHITECTURES.map((name) => name.replace("*", stem)) },
    });
  return join(asArchitecture(await parse(architecture)), source, folder);
}

/** `vgg` of `vgg.weights.h5`, `vgg_weights.h5`, `vgg_config.json` and `vgg.json`. */
function stemOf(name: string): string {
  return name.replace(/(\.weights)?\.(h5|hdf5|keras|json)$/i, "").replace(/_(weights|config|architecture)$/i, "");
}

/** A model from two files, wherever they lie. @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} */
export async function readWithArchitecture(architecture: Source, weights: Source, folder: SourceFolder): Promise<LoadedModel> {
  return join(asArchitecture(await parse(architecture)), weights, folder);
}

async function parse(source: Source): Promise<Json> {
  return decodeJson(await readAll(source), source.name);
}

interface Architecture extends ModelConfig {
  readonly version: string | undefined;
}

function asArchitecture(json: Json): Architecture {
  const version = isObject(json) && typeof json.keras_version === "string" ? json.keras_version : undefined;
  return { ...readModelConfig(json, version), version };
}

async function join({ model, dialect, version }: Architecture, source: Source, folder: SourceFolder): Promise<LoadedModel> {
  const style = { keras1: dialect.major === 1, theano: source.name.includes("_th_kernels") };
  const sharded = /\.json$/i.test(source.name);
  const weights = sharded ? await readShards(source, folder, model) : await readWeightsFile(await openHdf5(source), model, style);
  return loadKeras({ format: "keras-h5", producer: `Keras ${version ?? dialect.major}`, model, weights, masks: dialect.masks });
}

async function openFirst(folder: SourceFolder, names: readonly string[], stem: string): Promise<Source | undefined> {
  for (const name of names) {
    const found = await folder.open(name.replace("*", stem));
    if (found) return found;
  }
  return undefined;
}
