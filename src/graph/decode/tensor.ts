// Tensors of an ONNX file as weights: bytes, or the place where they lie.

import { BinaryReader } from "@bufbuild/protobuf/wire";
import { fail } from "../../errors.ts";
import { checkRange } from "../../source.ts";
import { allocate, byteSize, bytesOf, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { formatShape, sizeOf } from "../../tensor/tensor.ts";
import type { Payload } from "../proto/message.ts";
import { dtypesByNumber, EXTERNAL, foreignDataTypes, type TensorProto } from "../proto/onnx.ts";
import { type Weight, weightBytes } from "../types.ts";
import { failContradiction } from "./contradiction.ts";
import type { ExternalFiles } from "./external.ts";

/** The element type, or undefined for one that Pellucid does not compute with. */
export function dtypeOf(dataType: number | undefined): DType | undefined {
  return dtypesByNumber.get(dataType ?? 0);
}

/** A name for any element type, for messages. */
export function dataTypeName(dataType: number | undefined): string {
  return dtypeOf(dataType) ?? foreignDataTypes[dataType ?? 0] ?? `number ${dataType ?? 0}`;
}

/**
 * The weight that a TensorProto stands for.
 *
 * @throws {BAD_MODEL} if its data does not fill its shape
 * @throws {UNSUPPORTED_OPERATOR} for element types that Pellucid does not compute with
 */
export function decodeTensor(proto: TensorProto, files: ExternalFiles): Weight {
  const what = `tensor "${proto.name ?? ""}"`;
  const dtype =
    dtypeOf(proto.dataType) ??
    fail("UNSUPPORTED_OPERATOR", `The ${what} has elements of type ${dataTypeName(proto.dataType)}.`, {
      hint: "Export the model with float32 weights.",
      details: { tensor: proto.name, dataType: proto.dataType },
    });
  const shape = proto.dims;
  if (shape.some((d) => !Number.isSafeInteger(d) || d < 0) || !Number.isSafeInteger(sizeOf(shape) * 8)) {
    failContradiction(`The ${what} has the impossible shape ${formatShape(shape)}.`, { tensor: proto.name, shape });
  }
  const wanted = sizeOf(shape) * byteSize(dtype);
  const weight = { dtype, shape, data: proto.dataLocation === EXTERNAL ? files.region(proto, wanted) : ownData(proto, dtype, sizeOf(shape)) };
  if (weightBytes(weight) !== wanted) {
    const bytes = weightBytes(weight);
    failContradiction(`The ${what} of shape ${formatShape(shape)} needs ${wanted} bytes, but has ${bytes}.`, { tensor: proto.name, dtype, shape, bytes });
  }
  if ("source" in weight.data) checkRange(weight.data.source, weight.data.offset, weight.data.length, `the ${what}`);
  return weight;
}

/** Data within the ONNX file itself, from whichever field holds it. */
function ownData(proto: TensorProto, dtype: DType, size: number): Payload {
  if (proto.rawData) return proto.rawData;
  if (dtype === "float32") return proto.floatData ?? nothing;
  if (dtype === "float64") return proto.doubleData ?? nothing;
  const varints = dtype === "int64" ? proto.int64Data : dtype === "uint64" || dtype === "uint32" ? proto.uint64Data : proto.int32Data;
  return unpack((varints ?? nothing) as Uint8Array, dtype, size);
}

const nothing = new Uint8Array(0);

/** Varints as the bytes of `dtype`; none if there are not exactly `size`. */
function unpack(varints: Uint8Array, dtype: DType, size: number): Uint8Array {
  if (countVarints(varints) !== size) return nothing;
  const out = allocate(dtype, size) as unknown as { [i: number]: number | bigint };
  const big = dtype === "int64" || dtype === "uint64";
  const reader = new BinaryReader(varints);
  for (let i = 0; i < size; i++) out[i] = big ? BigInt(reader.int64()) : Number(reader.int64());
  return bytesOf(out as unknown as TypedArray);
}

const LONGEST_VARINT = 10;

/** How many varints these bytes are; undefined if one is too long or cut short. */
function countVarints(bytes: Uint8Array): number | undefined {
  let count = 0;
  let length = 0;
  for (const byte of bytes) {
    if (++length > LONGEST_VARINT) return undefined;
    if (byte >= 128) continue;
    count++;
    length = 0;
  }
  return length === 0 ? count : undefined;
}
