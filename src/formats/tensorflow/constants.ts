// The constants of a TensorFlow graph in the types that the ONNX graph computes with.

import { isRegion, type Weight } from "../../graph/types.ts";
import { widenWeight } from "../../graph/widen.ts";
import { readExactly } from "../../source.ts";
import { bytesOf, isFloat, viewAs } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { computedType } from "./attributes.ts";

/** Constants up to this size are read, for they may be factors or limits that shapes the graph. */
const SMALL = 64;

/** Integers become int64 and are read, for they are sizes and positions; large floats stay where they are, as they are. */
export async function readConstant(weight: Weight): Promise<Weight> {
  if (isFloat(weight.dtype)) return sizeOf(weight.shape) <= SMALL ? widenWeight({ ...weight, data: await readBytes(weight) }) : weight;
  const bytes = await readBytes(weight);
  if (computedType(weight.dtype) === "bool") return { ...weight, data: bytes };
  const integers = BigInt64Array.from(viewAs(weight.dtype, bytes) as Int32Array, (value) => BigInt(value));
  return { dtype: "int64", shape: weight.shape, data: bytesOf(integers) };
}

async function readBytes({ data }: Weight): Promise<Uint8Array> {
  return isRegion(data) ? readExactly(data.source, data.offset, data.length, "a constant") : data;
}
