// The central directory of a zip archive: one entry a member.

import { fail } from "../../errors.ts";
import { readExactly, type Source } from "../../source.ts";
import { type Cursor, cursor } from "../cursor.ts";
import type { DirectoryPlace } from "./end-record.ts";

const ENTRY = 0x02014b50;
const ZIP64 = 0x0001;
/** In a 32-bit field: look into the zip64 field instead. */
const ELSEWHERE = 0xffffffff;
/** A model has a handful of members, each with a name. */
const LONGEST = 64 * 1024 * 1024;

/** What the directory says of a member. */
export interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly uncompressed: number;
  /** Where its local header lies. */
  readonly offset: number;
}

/** All entries, in the archive's order. @throws {BAD_MODEL} */
export async function readDirectory(source: Source, place: DirectoryPlace): Promise<Entry[]> {
  if (place.length > LONGEST || place.count * 46 > place.length) {
    fail("BAD_MODEL", `${source.name} is a damaged zip archive: its directory of ${place.count} members is said to take ${place.length} bytes.`);
  }
  const bytes = cursor(await readExactly(source, place.offset, place.length, "the zip archive's directory"), "the zip archive's directory");
  return Array.from({ length: place.count }, () => readEntry(bytes, source));
}

function readEntry(bytes: Cursor, source: Source): Entry {
  if (bytes.u32() !== ENTRY)
    fail("BAD_MODEL", `${source.name} is a damaged zip archive: an entry of its directory is missing.`, { details: { file: source.name } });
  bytes.skip(4);
  const [flags, method] = [bytes.u16(), bytes.u16()];
  bytes.skip(4);
  const crc = bytes.u32();
  const [compressed, uncompressed] = [bytes.u32(), bytes.u32()];
  const [nameLength, extraLength, commentLength] = [bytes.u16(), bytes.u16(), bytes.u16()];
  bytes.skip(8);
  const offset = bytes.u32();
  const name = new TextDecoder().decode(bytes.bytes(nameLength));
  const extra = bytes.bytes(extraLength);
  bytes.skip(commentLength);
  return { name, flags, method, crc, ...readSizes(extra, { uncompressed, compressed, offset }) };
}

/** The sizes and the offset, those that do not fit into 32 bits from the zip64 field, which holds them in this order. */
function readSizes(extra: Uint8Array, sizes: { uncompressed: number; compressed: number; offset: number }): typeof sizes {
  if (!Object.values(sizes).includes(ELSEWHERE)) return sizes;
  const field = zip64Field(extra);
  const take = (size: number) => (size === ELSEWHERE ? field.u64() : size);
  return { uncompressed: take(sizes.uncompressed), compressed: take(sizes.compressed), offset: take(sizes.offset) };
}

function zip64Field(extra: Uint8Array): Cursor {
  const fields = cursor(extra, "a zip64 field");
  while (fields.left >= 4) {
    const id = fields.u16();
    const body = fields.bytes(fields.u16());
    if (id === ZIP64) return cursor(body, "a zip64 field");
  }
  return cursor(new Uint8Array(), "a zip64 field");
}
