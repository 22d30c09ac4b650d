// A small file that the user named, as bytes.

import { readFile } from "node:fs/promises";
import { PellucidError } from "pellucid";

/** @throws {MISSING_FILE} */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new PellucidError("MISSING_FILE", missing ? `There is no file ${path}.` : `${path} cannot be read (${(cause as Error).message}).`, {
      hint: missing ? "Check the path; relative paths start at the current folder." : "Check that it is a file, and its permissions.",
      details: { path },
      cause,
    });
  }
}
