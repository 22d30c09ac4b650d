// Weights that Keras 3 spread over several files: `model.weights.json` says which group is in which.

import { fail } from "../../errors.ts";
import { readAll, type Source, type SourceFolder } from "../../source.ts";
import { openHdf5 } from "../hdf5/open-hdf5.ts";
import type { Hdf5 } from "../hdf5/types.ts";
import { decodeJson, isList, isObject, type Json, type JsonObject, lookUp } from "../json.ts";
import type { KerasModel } from "./ir.ts";
import { readVars } from "./vars-weights.ts";
import type { ModelWeights } from "./weights.ts";

/** Whether a JSON value is such a map. */
export function isShardMap(json: Json): boolean {
  return isObject(json) && isObject(json.weight_map) && isObject(json.metadata);
}

/** The weights of a model whose shards lie in `folder`. @throws {BAD_MODEL} @throws {MISSING_FILE} */
export async function readShards(map: Source, folder: SourceFolder, model: KerasModel, assets?: SourceFolder): Promise<ModelWeights> {
  const json = decodeJson(await readAll(map), map.name);
  if (!isObject(json) || !isObject(json.weight_map)) return fail("BAD_MODEL", `${map.name} says not which weights are in which file.`);
  const places: JsonObject = json.weight_map;
  const files = new Map<string, Promise<Hdf5>>();
  const open = (name: string) => {
    const file = files.get(name) ?? openShard(folder, name);
    files.set(name, file);
    return file;
  };
  const find = async (path: string) => {
    for (const name of shardsOf(lookUp(places, path.slice(0, path.lastIndexOf("/"))))) {
      const weight = await (await open(name)).dataset(path);
      if (weight) return weight;
    }
    return undefined;
  };
  return readVars(model, find, { container: "layers", assets });
}

function shardsOf(value: Json | undefined): string[] {
  const list = isList(value) ? value : [value ?? null];
  return list.filter((name) => typeof name === "string");
}

async function openShard(folder: SourceFolder, name: string): Promise<Hdf5> {
  const source = await folder.open(name);
  return openHdf5(
    source ?? fail("MISSING_FILE", `The weights file "${name}" is not there.`, { hint: "Put all shards beside the map.", details: { file: name } }),
  );
}
