// One member of a zip archive: its local header checked against the directory, its bytes in place or inflated.

import { inflateSync } from "fflate";
import { fail } from "../../errors.ts";
import { bytesSource, readExactly, type Source, subSource } from "../../source.ts";
import { cursor } from "../cursor.ts";
import { crc32 } from "./crc32.ts";
import type { Entry } from "./directory.ts";

const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** Sizes and CRC follow the data instead of standing in the local header. */
const DESCRIPTOR = 8;

/** Inflated members may always be this large … */
const HARMLESS = 256 * 1024 * 1024;
/** … and beyond that so many times larger than their compressed bytes. Weights compress by a tenth or so. */
const MOST_RATIO = 100;

/** The member's bytes. @throws {BAD_MODEL} */
export async function openMember(source: Source, entry: Entry): Promise<Source> {
  if (entry.flags & ENCRYPTED) failMember(entry, "is encrypted", "Zip the model again without a password.");
  const offset = await dataOffset(source, entry);
  if (entry.method === DEFLATED) return bytesSource(await inflate(source, entry, offset), entry.name);
  if (entry.method !== STORED) failMember(entry, `is compressed by method ${entry.method}`, "Zip the model again with DEFLATE or without compression.");
  if (entry.compressed !== entry.uncompressed) failMember(entry, "has two sizes");
  return subSource(source, offset, entry.uncompressed, entry.name);
}

/** Where the member's data begin, behind a local header that must agree with the directory. */
async function dataOffset(source: Source, entry: Entry): Promise<number> {
  const header = cursor(await readExactly(source, entry.offset, 30, `member "${entry.name}"`), `member "${entry.name}"`);
  if (header.u32() !== LOCAL) failMember(entry, "has no header");
  header.skip(2);
  const [flags, method] = [header.u16(), header.u16()];
  header.skip(4);
  const [crc, compressed] = [header.u32(), header.u32()];
  header.skip(4);
  const [nameLength, extraLength] = [header.u16(), header.u16()];
  const name = new TextDecoder().decode(await readExactly(source, entry.offset + 30, nameLength, `member "${entry.name}"`));
  const unsaid = (flags & DESCRIPTOR) !== 0 && crc === 0 && compressed === 0;
  const same = compressed === 0xffffffff || compressed === entry.compressed;
  if (name !== entry.name || method !== entry.method || (!unsaid && (crc !== entry.crc || !same))) failMember(entry, "contradicts the archive's directory");
  return entry.offset + 30 + nameLength + extraLength;
}

async function inflate(source: Source, entry: Entry, offset: number): Promise<Uint8Array> {
  const { compressed, uncompressed } = entry;
  if (uncompressed > HARMLESS && uncompressed > compressed * MOST_RATIO) failMember(entry, `would grow from ${compressed} to ${uncompressed} bytes`);
  const bytes = await readExactly(source, offset, compressed, `member "${entry.name}"`);
  const inflated = inflateInto(bytes, uncompressed, entry);
  if (inflated.byteLength !== uncompressed) failMember(entry, `does not inflate to the ${uncompressed} bytes that are declared`);
  if (crc32(inflated) !== entry.crc) failMember(entry, "has a wrong checksum");
  return inflated;
}

/** At most one byte more than declared: enough to see that the declaration is wrong. */
function inflateInto(bytes: Uint8Array, declared: number, entry: Entry): Uint8Array {
  try {
    return inflateSync(bytes, { out: new Uint8Array(declared + 1) });
  } catch (cause) {
    return fail("BAD_MODEL", `Member "${entry.name}" of the zip archive cannot be inflated: ${(cause as Error).message}.`, { cause });
  }
}

function failMember(entry: Entry, problem: string, hint = "Get the file again."): never {
  return fail("BAD_MODEL", `Member "${entry.name}" of the zip archive ${problem}.`, { hint, details: { member: entry.name } });
}
