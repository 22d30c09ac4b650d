// HDF5 files: our own reader where it will do, so that weights stay in the file; the C library for everything else.

import type { Source } from "../../source.ts";
import { isBeyond } from "./beyond.ts";
import { openClassic } from "./classic.ts";
import { openWithLibrary } from "./library.ts";
import { findSuperblock } from "./superblock.ts";
import type { Hdf5 } from "./types.ts";

/**
 * An HDF5 file. The two readers give the same numbers; the library reads the whole file into memory, so it is only asked
 * what the classic reader cannot answer.
 *
 * @throws {BAD_MODEL} if it is none
 */
export async function openHdf5(source: Source): Promise<Hdf5> {
  await findSuperblock(source);
  const classic = openClassic(source);
  let library: Promise<Hdf5> | undefined;
  const ask = async <T>(question: (file: Hdf5) => Promise<T>): Promise<T> => {
    try {
      return await question(classic);
    } catch (error) {
      if (!isBeyond(error)) throw error;
      library ??= openWithLibrary(source);
      return question(await library);
    }
  };
  return {
    attribute: (path, name) => ask((file) => file.attribute(path, name)),
    children: (path) => ask((file) => file.children(path)),
    dataset: (path) => ask((file) => file.dataset(path)),
  };
}
