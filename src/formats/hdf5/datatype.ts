// Datatypes of attributes and datasets, as far as Keras uses them: numbers, strings and bfloat16 in opaque clothes.

import { fail } from "../../errors.ts";
import type { DType } from "../../tensor/dtype.ts";
import { type Cursor, cursor } from "../cursor.ts";
import { beyond } from "./beyond.ts";
import { paddings } from "./text.ts";

export type Datatype =
  | { readonly kind: "number"; readonly dtype: DType; readonly size: number; readonly bigEndian: boolean }
  | { readonly kind: "string"; readonly size: number; readonly padding: (typeof paddings)[number] }
  /** Strings in the global heap; `size` is that of the reference. */
  | { readonly kind: "variable string"; readonly size: number }
  /** Bytes without meaning. */
  | { readonly kind: "opaque"; readonly size: number };

/** The datatype that a message is or, if it is `shared`, refers to. */
export type ReadDatatype = (message: { readonly body: Uint8Array; readonly shared: boolean }) => Promise<Datatype>;

/** Address of the object that a shared datatype is the message of. */
export function committedAt(body: Uint8Array): number {
  const fields = cursor(body, "a shared datatype");
  const version = fields.u8();
  const kind = fields.u8();
  if (version < 2 || (version > 2 && kind !== COMMITTED)) beyond("a datatype in a heap");
  return fields.u64();
}

const COMMITTED = 2;

/** A datatype message. Compound types, enumerations, arrays and references are left to the library. @throws {BAD_MODEL} */
export function readDatatype(body: Uint8Array): Datatype {
  const fields = cursor(body, "a datatype");
  const kind = fields.u8() & 15;
  const flags = fields.u8() | (fields.u8() << 8) | (fields.u8() << 16);
  const size = fields.u32();
  if (kind === 0) return integer(fields, flags, size);
  if (kind === 1) return float(fields, flags, size);
  if (kind === 3) return { kind: "string", size, padding: paddings[flags & 15] ?? "nulls" };
  if (kind === 5) return { kind: "opaque", size };
  if (kind === 9 && (flags & 15) === 1) return { kind: "variable string", size };
  return beyond(`datatype class ${kind}`);
}

function integer(fields: Cursor, flags: number, size: number): Datatype {
  const whole = fields.u16() === 0 && fields.u16() === size * 8;
  if (!whole) failUnusual(`integers of ${size} bytes`);
  return integerType(size, (flags & 8) !== 0, (flags & 1) !== 0);
}

/** Integers of whole bytes. @throws {BAD_MODEL} for other sizes than 1, 2, 4 and 8 */
export function integerType(size: number, signed: boolean, bigEndian: boolean): Datatype {
  if (![1, 2, 4, 8].includes(size)) failUnusual(`integers of ${size} bytes`);
  return { kind: "number", dtype: `${signed ? "int" : "uint"}${size * 8}` as DType, size, bigEndian };
}

function float(fields: Cursor, flags: number, size: number): Datatype {
  fields.skip(5);
  const exponentBits = fields.u8();
  if ((flags & 0x41) === 0x41) failUnusual("floats in VAX order");
  return floatType(size, exponentBits, (flags & 1) !== 0);
}

/** IEEE floats, and bfloat16. @throws {BAD_MODEL} for other sizes than 2, 4 and 8 */
export function floatType(size: number, exponentBits: number, bigEndian: boolean): Datatype {
  const dtype = floats[`${size}/${exponentBits}`] ?? failUnusual(`floats of ${size} bytes`);
  return { kind: "number", dtype, size, bigEndian };
}

/** Floats by size, and by exponent bits where two have the same. */
const floats: Readonly<Record<string, DType>> = { "2/5": "float16", "2/8": "bfloat16", "4/8": "float32", "8/11": "float64" };

function failUnusual(what: string): never {
  return fail("BAD_MODEL", `The file holds ${what} in a form that Pellucid does not know.`, { hint: "Save the model again with Keras." });
}
