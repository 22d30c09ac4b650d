// Values of fixed size: numbers as HDF5 stores them, brought to little-endian and to JavaScript's numbers, and strings.

import { fail } from "../../errors.ts";
import { byteSize, type DType, viewAs } from "../../tensor/dtype.ts";
import { toNumbers } from "../../tensor/tensor.ts";
import type { Datatype } from "./datatype.ts";
import { fixedString } from "./text.ts";

/** Bytes as the values of an attribute. @throws {BAD_MODEL} if they are neither numbers nor strings of fixed size */
export function valuesOf(datatype: Datatype, bytes: Uint8Array): readonly string[] | readonly number[] {
  if (datatype.kind === "number") return numbersOf(datatype.dtype, littleEndian(bytes, datatype));
  if (datatype.kind !== "string") return fail("BAD_MODEL", `An attribute of the HDF5 file holds values of the kind "${datatype.kind}".`);
  const { size, padding } = datatype;
  return Array.from({ length: bytes.byteLength / size }, (_, i) => fixedString(bytes.subarray(i * size, (i + 1) * size), padding));
}

/** The bytes in little-endian order; the same bytes where they are so already. */
export function littleEndian(bytes: Uint8Array, order: { readonly size: number; readonly bigEndian: boolean }): Uint8Array {
  if (!order.bigEndian || order.size === 1) return bytes;
  const swapped = new Uint8Array(bytes.byteLength);
  for (let i = 0; i < bytes.byteLength; i += order.size) {
    for (let j = 0; j < order.size; j++) swapped[i + j] = bytes[i + order.size - 1 - j] as number;
  }
  return swapped;
}

function numbersOf(dtype: DType, bytes: Uint8Array): number[] {
  return toNumbers({ dtype, shape: [bytes.byteLength / byteSize(dtype)], data: viewAs(dtype, bytes) });
}
