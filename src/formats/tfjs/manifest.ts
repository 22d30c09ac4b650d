// The manifest in a TensorFlow.js `model.json`: which weights lie in which files, in what order and form.

import { fail } from "../../errors.ts";
import { isList, isObject, type Json, type JsonObject } from "../json.ts";

/** How a weight's elements are stored smaller: halves, or integers `q` that stand for `q * scale + min`. */
export type Quantization = { readonly dtype: "float16" } | { readonly dtype: "uint8" | "uint16"; readonly scale: number; readonly min: number };

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32" | "uint8" | "bool" | "complex64" | "string";
  readonly quantization: Quantization | undefined;
  /** Whether it is the optimizer's, named after the weight that it belongs to. */
  readonly optimizer: boolean;
}

/** Weights back to back, over the bytes of all files together: a weight may begin in one file and end in the next. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

const dtypes: readonly string[] = ["float32", "int32", "uint8", "bool", "complex64", "string"] satisfies WeightEntry["dtype"][];

/** The groups of `weightsManifest`; none if there is no manifest. @throws {BAD_MODEL} */
export function readManifest(manifest: Json | undefined): readonly WeightGroup[] {
  if (manifest === undefined || manifest === null) return [];
  if (!isList(manifest)) return failManifest("is not a list", manifest);
  return manifest.map((group) => {
    if (!isObject(group) || !isList(group.paths) || !isList(group.weights)) return failManifest("has a group without paths or weights", group);
    const paths = group.paths.map((path) => (typeof path === "string" ? path : failManifest("has a path that is no text", path)));
    return { paths, weights: group.weights.map(readEntry) };
  });
}

function readEntry(entry: Json): WeightEntry {
  if (!isObject(entry) || typeof entry.name !== "string") return failManifest("has a weight without a name", entry);
  const { name, dtype, shape } = entry;
  if (!isList(shape) || !shape.every(isSize)) return failManifest(`gives weight "${name}" no shape`, entry);
  if (typeof dtype !== "string" || !dtypes.includes(dtype)) return failManifest(`gives weight "${name}" the dtype ${JSON.stringify(dtype)}`, entry);
  return {
    name,
    shape,
    dtype: dtype as WeightEntry["dtype"],
    quantization: isObject(entry.quantization) ? readQuantization(entry.quantization, name) : undefined,
    optimizer: entry.group === "optimizer",
  };
}

function readQuantization({ dtype, scale, min }: JsonObject, name: string): Quantization {
  if (dtype === "float16") return { dtype };
  if ((dtype === "uint8" || dtype === "uint16") && typeof scale === "number" && typeof min === "number") return { dtype, scale, min };
  return failManifest(`quantizes weight "${name}" in an unknown way`, { dtype, scale, min });
}

function isSize(size: Json): size is number {
  return typeof size === "number" && Number.isSafeInteger(size) && size >= 0;
}

function failManifest(problem: string, found: unknown): never {
  return fail("BAD_MODEL", `The weights manifest of model.json ${problem}.`, {
    hint: "Convert the model again with the TensorFlow.js converter.",
    details: { found },
  });
}
