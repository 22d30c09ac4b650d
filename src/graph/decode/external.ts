// Weights in files beside the ONNX file.

import { fail } from "../../errors.ts";
import type { Source, SourceFolder } from "../../source.ts";
import { EXTERNAL, type GraphProto, type NodeProto, type TensorProto } from "../proto/onnx.ts";
import type { Region } from "../types.ts";
import { failContradiction } from "./contradiction.ts";

/** The files that a model's tensors refer to, opened. */
export interface ExternalFiles {
  /** Where the tensor's data lie; `length` is taken where the model does not say it. @throws {BAD_MODEL} */
  region(tensor: TensorProto, length: number): Region;
}

/**
 * Opens every file that a tensor of these nodes and graphs refers to.
 *
 * @throws {MISSING_FILE} if one is not there
 * @throws {UNSAFE_PATH} if one lies outside the model's folder
 */
export async function openExternal(tensors: Iterable<TensorProto>, folder: SourceFolder): Promise<ExternalFiles> {
  const files = new Map<string, Source>();
  for (const tensor of tensors) {
    if (tensor.dataLocation !== EXTERNAL) continue;
    const location = entryOf(tensor, "location") ?? "";
    if (!files.has(location)) files.set(location, (await folder.open(location)) ?? failMissing(tensor, location));
  }
  return {
    region(tensor, length) {
      const location = entryOf(tensor, "location") ?? "";
      const source = files.get(location) ?? failMissing(tensor, location);
      return { source, offset: numberOf(tensor, "offset") ?? 0, length: numberOf(tensor, "length") ?? length };
    },
  };
}

/** All tensors of a graph: initializers, and those in attributes, in subgraphs too. */
export function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  yield* tensorsOfNodes(graph.node);
}

/** All tensors in the attributes of nodes. */
export function* tensorsOfNodes(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const { attribute } of nodes) {
    for (const { t, g } of attribute) {
      if (t) yield t;
      if (g) yield* tensorsOf(g);
    }
  }
}

function entryOf(tensor: TensorProto, key: string): string | undefined {
  return tensor.externalData.find((entry) => entry.key === key)?.value;
}

function numberOf(tensor: TensorProto, key: string): number | undefined {
  const text = entryOf(tensor, key);
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value)
    ? value
    : failContradiction(`The tensor "${tensor.name}" has the ${key} "${text}", which is no number of bytes.`, { tensor: tensor.name, [key]: text });
}

function failMissing(tensor: TensorProto, location: string): never {
  return fail("MISSING_FILE", `The weight "${tensor.name}" lies in the file "${location}", which is not beside the model.`, {
    hint: "Put the file into the model's folder under this name; models with external data consist of several files.",
    details: { tensor: tensor.name, location },
  });
}
