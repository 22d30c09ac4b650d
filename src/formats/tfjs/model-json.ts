// What a TensorFlow.js `model.json` says, of layers models and graph models.

import { fail } from "../../errors.ts";
import { type Opened, readAll } from "../../source.ts";
import { decodeJson, isObject, type Json, type JsonObject } from "../json.ts";

export interface ModelJson {
  /** Graph models list TensorFlow's nodes; layers models have a configuration of Keras. Old files do not say which. */
  readonly kind: "graph" | "layers";
  readonly topology: JsonObject;
  readonly manifest: Json | undefined;
  /** Names of a graph model's inputs and outputs. */
  readonly signature: JsonObject | undefined;
  readonly producer: string | undefined;
}

/** @throws {BAD_MODEL} if there is no topology */
export async function readModelJson({ source, folder }: Opened): Promise<ModelJson> {
  const file = source ?? (await folder.open("model.json")) ?? fail("MISSING_FILE", `The folder "${folder.name}" has no model.json.`);
  const json = decodeJson(await readAll(file), file.name);
  const topology = isObject(json) ? json.modelTopology : undefined;
  if (!isObject(json) || !isObject(topology)) {
    return fail("BAD_MODEL", `${file.name} has no modelTopology.`, { hint: "A model.json with weights alone is not enough: save or convert the whole model." });
  }
  return {
    kind: json.format === "graph-model" || "node" in topology ? "graph" : "layers",
    topology,
    manifest: json.weightsManifest,
    signature: [json.signature, json.userDefinedMetadata].map((place) => signatureIn(place)).find(Boolean),
    producer: [json.convertedBy, json.generatedBy].find((by) => typeof by === "string") as string | undefined,
  };
}

/** Converters of some versions put the signature into the user's metadata. */
function signatureIn(place: Json | undefined): JsonObject | undefined {
  if (!isObject(place)) return undefined;
  return isObject(place.outputs) ? place : isObject(place.signature) ? place.signature : undefined;
}
