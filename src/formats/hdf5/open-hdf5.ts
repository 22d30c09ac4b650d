// HDF5 files: our own reader where it will do, so that weights stay in the file; the C library for everything else.

import { type Source, subSource } from "../../source.ts";
import { isBeyond } from "./beyond.ts";
import { openByOffset } from "./by-offset.ts";
import { openWithLibrary } from "./library.ts";
import { findSuperblock } from "./superblock.ts";
import type { Hdf5 } from "./types.ts";

/**
 * An HDF5 file. The two readers give the same numbers; the library reads the bytes of a dataset into memory, so it is only
 * asked what the other reader cannot answer.
 *
 * @throws {BAD_MODEL} if it is none
 */
export async function openHdf5(source: Source): Promise<Hdf5> {
  const start = await findSuperblock(source);
  // Addresses count from the superblock on, which may lie behind a block of the user's own.
  const file = start === 0 ? source : subSource(source, start, source.byteLength - start, source.name);
  const byOffset = openByOffset(file);
  let library: Hdf5 | undefined;
  const ask = async <T>(question: (reader: Hdf5) => Promise<T>): Promise<T> => {
    try {
      return await question(byOffset);
    } catch (error) {
      if (!isBeyond(error)) throw error;
      library ??= openWithLibrary(file);
      return question(library);
    }
  };
  return {
    attribute: (path, name) => ask((reader) => reader.attribute(path, name)),
    children: (path) => ask((reader) => reader.children(path)),
    dataset: (path) => ask((reader) => reader.dataset(path)),
  };
}
