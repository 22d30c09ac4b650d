// Attributes in an object header: a name, a datatype, a shape and the values themselves.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";
import { beyond } from "./beyond.ts";
import { readDataspace } from "./dataspace.ts";
import type { Datatype, ReadDatatype } from "./datatype.ts";
import type { ReadHeapObject } from "./global-heap.ts";
import { nullTerminated } from "./text.ts";
import type { AttributeValue } from "./types.ts";
import { valuesOf } from "./value.ts";

/** All strings of one attribute together. */
const LONGEST = 64 * 1024 * 1024;
const SHARED_TYPE = 1;
const SHARED_SPACE = 2;

/** What an attribute may need of the rest of the file: objects of the global heap, datatypes of other objects. */
export interface Elsewhere {
  readonly heap: ReadHeapObject;
  readonly datatype: ReadDatatype;
}

/** The value in an attribute message, if its name is `wanted`. @throws {BAD_MODEL} */
export async function readAttribute(message: Uint8Array, wanted: string, elsewhere: Elsewhere): Promise<AttributeValue | undefined> {
  const fields = cursor(message, "an attribute");
  const version = fields.u8();
  const flags = fields.u8();
  const lengths = { name: fields.u16(), datatype: fields.u16(), dataspace: fields.u16() };
  if (version === 3) fields.skip(1);
  if (version < 1 || version > 3) fail("BAD_MODEL", `The file is damaged: there is no attribute of version ${version}.`, { details: { version } });
  const part = (length: number) => {
    const bytes = fields.bytes(length);
    if (version === 1) fields.skip(-length & 7);
    return bytes;
  };
  if (nullTerminated(part(lengths.name)) !== wanted) return undefined;
  if (version > 1 && flags & SHARED_SPACE) beyond("a shared dataspace");
  const datatype = await elsewhere.datatype({ body: part(lengths.datatype), shared: version > 1 && (flags & SHARED_TYPE) !== 0 });
  const shape = readDataspace(part(lengths.dataspace));
  if (!shape) return undefined;
  const bytes = fields.bytes(countOf(shape, datatype, fields.left) * datatype.size);
  const values = datatype.kind === "variable string" ? await readVariableStrings(bytes, elsewhere.heap) : valuesOf(datatype, bytes);
  return shape.length === 0 ? (values[0] as string | number) : values;
}

/** Number of values, if there are bytes for so many. */
function countOf(shape: readonly number[], { size }: Datatype, available: number): number {
  const count = shape.reduce((n, d) => n * d, 1);
  if (!(size > 0 && count * size <= available)) {
    fail("BAD_MODEL", "The file is damaged: an attribute has more values than bytes.", { details: { shape, size, available } });
  }
  return count;
}

async function readVariableStrings(references: Uint8Array, heap: ReadHeapObject): Promise<string[]> {
  const fields = cursor(references, "a string's reference");
  const strings: string[] = [];
  let total = 0;
  while (fields.left > 0) {
    const length = fields.u32();
    total += length;
    if (total > LONGEST) fail("BAD_MODEL", "The file is damaged: an attribute's strings are too long.", { details: { total } });
    const [address, index] = [fields.u64(), fields.u32()];
    strings.push(length === 0 ? "" : nullTerminated((await heap(address, index)).subarray(0, length)));
  }
  return strings;
}
