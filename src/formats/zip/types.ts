// What a reader of zip archives gives: the same as a folder on disk, so that an unzipped model is read by the same code.

import type { Source, SourceFolder } from "../../source.ts";

/** An open archive: a folder whose files are its members. */
export interface Zip extends SourceFolder {
  /** Names of the members in the archive's order, folders left out. */
  readonly names: readonly string[];
  /**
   * The member at `path`, or undefined. A stored member is a part of the archive's own source; a deflated one is inflated
   * into memory.
   *
   * @throws {BAD_MODEL} if it is damaged, encrypted or compressed in an unknown way @throws {UNSAFE_PATH}
   */
  open(path: string): Promise<Source | undefined>;
}
