// The head of an HDF5 file: which version of the format it has and where its root group lies.

import { fail } from "../../errors.ts";
import type { Source } from "../../source.ts";
import { cursor } from "../cursor.ts";
import { beyond } from "./beyond.ts";
import type { ReadMetadata } from "./pages.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether these bytes (of offset 0, or of a block of the user's before the file) begin an HDF5 file. */
export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Where the file's superblock is: at 0, or behind a user block of 512, 1024, 2048 … bytes. @throws {BAD_MODEL} if there is none */
export async function findSuperblock(source: Source): Promise<number> {
  for (let offset = 0; offset + 8 <= source.byteLength; offset = offset ? offset * 2 : 512) {
    if (isHdf5(await source.slice(offset, offset + 8))) return offset;
  }
  return fail("BAD_MODEL", `${source.name} is no HDF5 file: it lacks the signature.`, {
    hint: "A download may have saved an error page or a Git LFS pointer instead; look at the file's size.",
    details: { file: source.name, byteLength: source.byteLength },
  });
}

/** Address of the root group's object header. Leaves sizes other than 8 bytes to the library. */
export async function readRoot(read: ReadMetadata): Promise<number> {
  const version = cursor(await read(8, 1, "the superblock"), "the superblock").u8();
  const layout = layouts[version] ?? beyond(`a superblock of version ${version}`);
  const fields = cursor(await read(layout.sizes, 2 + layout.skipped + 8, "the superblock"), "the superblock");
  if (fields.u8() !== 8 || fields.u8() !== 8) beyond("offsets that are not of 8 bytes");
  fields.skip(layout.skipped);
  return fields.u64();
}

/** By version: where the sizes of offsets and lengths stand, and the bytes from them to the root's address. */
const layouts = [
  { sizes: 13, skipped: 49 },
  { sizes: 13, skipped: 53 },
  { sizes: 9, skipped: 25 },
  { sizes: 9, skipped: 25 },
] as const;
