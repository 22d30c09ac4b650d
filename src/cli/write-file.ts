// Files are written whole or not at all: into a temporary file beside the target, which then takes its name.

import { randomBytes } from "node:crypto";
import { mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PellucidError } from "pellucid";

/**
 * Writes a file, and its folder if need be. A link is followed: the file that it leads to is written.
 *
 * @throws {WRITE_FAILED} and leaves nothing behind
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  let temporary: string | undefined;
  try {
    await makeFolder(dirname(path));
    const target = await fileAt(path);
    temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, target);
  } catch (cause) {
    if (temporary) await rm(temporary, { force: true }).catch(() => undefined);
    throw new PellucidError("WRITE_FAILED", `${path} cannot be written (${(cause as Error).message}).`, {
      hint: hints[(cause as NodeJS.ErrnoException).code ?? ""] ?? "Choose another place with --out.",
      details: { path },
      cause,
    });
  }
}

/** Makes a folder and those above it. Node's own recursion never ends below a folder that takes none, such as /proc. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch(async (error) => {
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Where a file of this name is or will be. Pipes and devices are refused: renaming would put a file in their place. */
async function fileAt(path: string): Promise<string> {
  const target = await realpath(path).catch(() => path);
  const found = await stat(target).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory()) throw Object.assign(new Error("it is no file, but a pipe or a device"), { code: "ENXIO" });
  return target;
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, or choose another place with --out.",
  EACCES: "You may not write there: choose another place with --out.",
  EPERM: "You may not write there: choose another place with --out.",
  EROFS: "That disk is read-only: choose another place with --out.",
  ENOTDIR: "A part of that path is a file, not a folder: choose another place with --out.",
  EEXIST: "A part of that path is a file, not a folder: choose another place with --out.",
  ENXIO: "Give the name of a file with --out.",
  EISDIR: "There is a folder of that name: choose another name with --out.",
};
