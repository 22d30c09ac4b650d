// The end of a zip archive, which says where its directory lies; the 64-bit form for archives over 4 GiB.

import { fail } from "../../errors.ts";
import { readExactly, type Source } from "../../source.ts";
import { cursor } from "../cursor.ts";

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const LENGTH = 22;
/** The record may be followed by a comment of up to 64 KB. */
const LONGEST_TAIL = LENGTH + 0xffff;

/** Where the central directory lies. */
export interface DirectoryPlace {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

/** Finds the directory from the end of the file. @throws {BAD_MODEL} */
export async function findDirectory(source: Source): Promise<DirectoryPlace> {
  const start = Math.max(0, source.byteLength - LONGEST_TAIL);
  const tail = await source.slice(start, source.byteLength);
  const at = lastEndRecord(tail);
  if (at === undefined) {
    return fail("BAD_MODEL", `${source.name} is no whole zip archive: its end is missing.`, {
      hint: "Get the file again; compare its size with the original.",
      details: { file: source.name, byteLength: source.byteLength },
    });
  }
  return (await readEnd64(source, start + at)) ?? readEnd(source, tail.subarray(at));
}

/** The last record whose comment fits into the file. */
function lastEndRecord(tail: Uint8Array): number | undefined {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.byteLength - LENGTH; at >= 0; at--) {
    if (view.getUint32(at, true) === END && at + LENGTH + view.getUint16(at + 20, true) <= tail.byteLength) return at;
  }
  return undefined;
}

function readEnd(source: Source, bytes: Uint8Array): DirectoryPlace {
  const fields = cursor(bytes, "the zip archive's end");
  fields.skip(4);
  const disks = fields.u32();
  if (disks !== 0) failParts(source);
  fields.skip(2);
  return { count: fields.u16(), length: fields.u32(), offset: fields.u32() };
}

async function readEnd64(source: Source, end: number): Promise<DirectoryPlace | undefined> {
  if (end < 20) return undefined;
  const locator = cursor(await source.slice(end - 20, end), "the zip64 locator");
  if (locator.u32() !== LOCATOR_64) return undefined;
  if (locator.u32() !== 0) failParts(source);
  const fields = cursor(await readExactly(source, locator.u64(), 56, "the zip64 end"), "the zip64 end");
  if (fields.u32() !== END_64) fail("BAD_MODEL", `${source.name} is a damaged zip archive: its zip64 end is missing.`, { details: { file: source.name } });
  fields.skip(28);
  const count = fields.u64();
  return { count, length: fields.u64(), offset: fields.u64() };
}

function failParts(source: Source): never {
  return fail("BAD_MODEL", `${source.name} is one part of a zip archive that was split.`, { hint: "Join the parts again.", details: { file: source.name } });
}
