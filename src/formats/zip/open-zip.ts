// Zip archives: what a `.keras` file is. Stored members, as Keras writes them, stay where they lie.

import { fail } from "../../errors.ts";
import { type Source, safePath } from "../../source.ts";
import { type Entry, readDirectory } from "./directory.ts";
import { findDirectory } from "./end-record.ts";
import { openMember } from "./member.ts";
import type { Zip } from "./types.ts";

/** An archive's members by name. @throws {BAD_MODEL} @throws {UNSAFE_PATH} for names that lead out of the archive */
export async function openZip(source: Source): Promise<Zip> {
  const entries = new Map<string, Entry>();
  for (const entry of await readDirectory(source, await findDirectory(source))) {
    const path = safePath(entry.name);
    if (entry.name.endsWith("/")) continue;
    if (entries.has(path)) fail("BAD_MODEL", `The zip archive has two members named "${path}".`, { hint: "Zip the model again.", details: { member: path } });
    entries.set(path, entry);
  }
  return {
    name: source.name,
    names: [...entries.keys()],
    async open(path) {
      const entry = entries.get(safePath(path));
      return entry && openMember(source, entry);
    },
  };
}
