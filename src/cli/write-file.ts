// Files are written whole or not at all: into a temporary file beside the target, which then takes its name.

import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PellucidError } from "pellucid";

/** Writes a file, and its folder if need be. @throws {WRITE_FAILED} and leaves nothing behind */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new PellucidError("WRITE_FAILED", `${path} cannot be written (${(cause as Error).message}).`, {
      hint: hints[(cause as NodeJS.ErrnoException).code ?? ""] ?? "Choose another place with --out.",
      details: { path },
      cause,
    });
  }
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, or choose another place with --out.",
  EACCES: "You may not write there: choose another place with --out.",
  EPERM: "You may not write there: choose another place with --out.",
  EROFS: "That disk is read-only: choose another place with --out.",
  ENOTDIR: "A part of that path is a file, not a folder: choose another place with --out.",
  EEXIST: "A part of that path is a file, not a folder: choose another place with --out.",
  EISDIR: "There is a folder of that name: choose another name with --out.",
};
