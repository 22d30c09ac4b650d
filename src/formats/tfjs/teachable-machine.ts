// What Teachable Machine, where many TensorFlow.js models come from, writes beside them: class names in `metadata.json`.

import { readAll, type SourceFolder } from "../../source.ts";
import { decodeJson, isList, isObject } from "../json.ts";
import type { LoadedModel } from "../loaded-model.ts";

/** The model with the class names and the preprocessing that Teachable Machine's file tells; as it is without such a file. */
export async function withMetadata(model: LoadedModel, folder: SourceFolder): Promise<LoadedModel> {
  const source = await folder.open("metadata.json");
  const json = source && decodeJson(await readAll(source), source.name);
  if (!isObject(json) || !isList(json.labels) || !json.labels.every((label) => typeof label === "string")) return model;
  const images = typeof json.packageName === "string" && json.packageName.startsWith("@teachablemachine/image");
  const reason = "Teachable Machine's image models take pictures from -1 to 1";
  return { ...model, labels: json.labels, preprocessing: model.preprocessing ?? (images ? { preset: "tf", reason } : undefined) };
}
