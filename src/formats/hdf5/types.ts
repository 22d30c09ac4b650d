// What a reader of HDF5 files gives: attributes, names and weights by path. Two implementations stand behind it.

import type { Weight } from "../../graph/types.ts";

/** An attribute's value. Arrays are flattened; 64-bit integers are narrowed to numbers. */
export type AttributeValue = string | number | readonly string[] | readonly number[];

/** An open HDF5 file. Paths start at the root, with or without a leading `/`. */
export interface Hdf5 {
  /** An attribute of the group or dataset at `path`; undefined if there is none, or no such object. @throws {BAD_MODEL} */
  attribute(path: string, name: string): Promise<AttributeValue | undefined>;
  /** Names in the group at `path`, in alphabetical order; undefined if there is no group there. @throws {BAD_MODEL} */
  children(path: string): Promise<readonly string[] | undefined>;
  /**
   * The dataset at `path`; undefined if there is none. A place in the user's own file wherever its bytes lie there as they
   * are, else bytes.
   *
   * @throws {BAD_MODEL} if it is damaged or holds no numbers @throws {UNSAFE_PATH} if it lies in another file
   */
  dataset(path: string): Promise<Weight | undefined>;
}
