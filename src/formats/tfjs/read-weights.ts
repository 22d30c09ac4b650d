// The weights of a TensorFlow.js model by name: places in the shards where they lie there as they are, else bytes.

import { fail } from "../../errors.ts";
import type { Weight } from "../../graph/types.ts";
import type { SourceFolder } from "../../source.ts";
import { byteSize, bytesOf, type DType, viewAs } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import type { Json } from "../json.ts";
import { type Quantization, readManifest, type WeightEntry } from "./manifest.ts";
import { openShards, type Shards } from "./shards.ts";

/**
 * All numeric weights of a manifest, in its order. Complex numbers and text, which no layer computes with, are skipped, and
 * what belongs to the optimizer.
 *
 * @throws {BAD_MODEL} @throws {MISSING_FILE} @throws {UNSAFE_PATH}
 */
export async function readWeights(manifest: Json | undefined, folder: SourceFolder): Promise<ReadonlyMap<string, Weight>> {
  const weights = new Map<string, Weight>();
  for (const group of readManifest(manifest)) {
    const shards = await openShards(folder, group.paths);
    let start = 0;
    for (const entry of group.weights) {
      const length = await lengthOf(entry, shards, start);
      if (start + length > shards.byteLength) failShort(entry, shards, start + length);
      const weight = entry.optimizer ? undefined : await readWeight(entry, shards, start, length);
      if (weights.has(entry.name)) fail("BAD_MODEL", `model.json lists weight "${entry.name}" twice.`, { details: { weight: entry.name } });
      if (weight) weights.set(entry.name, weight);
      start += length;
    }
  }
  return weights;
}

/** Bytes that a weight takes in the shards. */
async function lengthOf(entry: WeightEntry, shards: Shards, start: number): Promise<number> {
  if (entry.dtype === "string") return textLength(entry, shards, start);
  const size = entry.dtype === "complex64" ? 8 : byteSize(entry.quantization?.dtype ?? entry.dtype);
  return sizeOf(entry.shape) * size;
}

/** Text is stored as a 32-bit length and bytes, one element after the other. */
async function textLength(entry: WeightEntry, shards: Shards, start: number): Promise<number> {
  let end = start;
  for (let i = sizeOf(entry.shape); i > 0; i--) {
    if (end + 4 > shards.byteLength) failShort(entry, shards, end + 4);
    end += 4 + new DataView((await shards.read(end, 4)).buffer).getUint32(0, true);
  }
  return end - start;
}

async function readWeight(entry: WeightEntry, shards: Shards, start: number, length: number): Promise<Weight | undefined> {
  const { shape, dtype, quantization } = entry;
  if (dtype === "string" || dtype === "complex64") return undefined;
  if (quantization && quantization.dtype !== "float16") {
    return { dtype, shape, data: dequantize(await shards.read(start, length), quantization, dtype) };
  }
  return { dtype: quantization?.dtype ?? dtype, shape, data: shards.region(start, length) ?? (await shards.read(start, length)) };
}

/** q * scale + min in double precision, as TensorFlow.js has it; rounded where the weight is of integers. */
function dequantize(bytes: Uint8Array, { dtype, scale, min }: Exclude<Quantization, { dtype: "float16" }>, to: DType): Uint8Array {
  const stored = viewAs(dtype, bytes);
  if (to === "float32") return bytesOf(Float32Array.from(stored, (q) => q * scale + min));
  return bytesOf(Int32Array.from(stored, (q) => Math.round(q * scale + min)));
}

function failShort(entry: WeightEntry, shards: Shards, end: number): never {
  return fail("BAD_MODEL", `Weight "${entry.name}" should end at byte ${end} of its files, which have ${shards.byteLength} together.`, {
    hint: "A shard may be missing or cut short; get the model's files again.",
    details: { weight: entry.name, end, byteLength: shards.byteLength },
  });
}
