// Values of attributes and datasets out of the C library's memory, in the same terms as the classic reader's.

import type { Metadata } from "h5wasm";
import { fail } from "../../errors.ts";
import { type Datatype, floatType, integerType } from "./datatype.ts";
import { failLibrary, type LibraryFile } from "./library-module.ts";
import { nullTerminated, paddings } from "./text.ts";

/** Compressed data may be this many times larger than the whole file; DEFLATE itself reaches 1032. */
const MOST_RATIO = 1000;

/** The library's class numbers, and the exponent bits of floats that it does not tell. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const OPAQUE = 5;
const ENUMERATION = 8;
const exponentBits: Readonly<Record<number, number>> = { 2: 5, 4: 8, 8: 11 };

/** The datatype that the library's description stands for; numbers come out of it little-endian. @throws {BAD_MODEL} */
export function datatypeOf({ type, size, signed, vlen, strpad, enum_type: members }: Metadata): Datatype {
  if (type === ENUMERATION && size === 1 && members && "FALSE" in members.members) return { kind: "number", dtype: "bool", size, bigEndian: false };
  if (type === INTEGER || type === ENUMERATION) return integerType(size, signed, false);
  if (type === FLOAT) return floatType(size, exponentBits[size] ?? 0, false);
  if (type === STRING) return vlen ? { kind: "variable string", size } : { kind: "string", size, padding: paddings[strpad ?? 0] ?? "nulls" };
  if (type === OPAQUE) return { kind: "opaque", size };
  return fail("BAD_MODEL", "The HDF5 file holds values that are neither numbers nor text.", { details: { class: type } });
}

/**
 * Lets the library write a value into its memory and uses the bytes there.
 *
 * @param fill calls the library with the address; a negative result is a failure
 * @param use what to make of the bytes, which are only valid meanwhile
 */
export function withValue<T>(file: LibraryFile, metadata: Metadata, fill: (address: bigint) => number, use: (bytes: Uint8Array) => T): T {
  const length = metadata.total_size * metadata.size;
  if (!(length <= file.window.byteLength * MOST_RATIO)) {
    fail("BAD_MODEL", `The HDF5 file is damaged: it declares ${length} bytes of data, but is ${file.window.byteLength} long.`, { details: { length } });
  }
  file.window.announce(length);
  const address = file.library._malloc(Math.max(length, 1));
  if (address === 0) failLibrary(`there is no memory for ${length} bytes`);
  try {
    if (fill(BigInt(address)) < 0) failLibrary("a value cannot be read");
    return use(file.library.HEAPU8.subarray(address, address + length));
  } finally {
    file.library._free(address);
  }
}

/** Strings that the library made; `pointers` are its addresses. */
export function stringsAt(file: LibraryFile, pointers: Uint8Array): string[] {
  const addresses = new Uint32Array(pointers.slice().buffer);
  return Array.from(addresses, (address) => (address === 0 ? "" : nullTerminated(file.library.HEAPU8.subarray(address))));
}
