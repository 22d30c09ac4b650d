// The folder that a command saves its results in. Two results never get the same file.

import { join } from "node:path";
import { checkAborted } from "pellucid";
import { writeWhole } from "./write-file.ts";

export interface OutputFolder {
  readonly path: string;
  /** A stem from parts (picture, layer, class) that is safe as a file name and that this run has not used yet. */
  stem(...parts: string[]): string;
  /** Saves a file of this name; returns its path. @throws {WRITE_FAILED} */
  save(name: string, content: Uint8Array | string): Promise<string>;
}

/** @param signal once aborted, nothing more is saved */
export function outputFolder(path: string, signal?: AbortSignal): OutputFolder {
  const used = new Set<string>();
  return {
    path,
    stem(...parts) {
      const wanted = parts.map(safeName).join("-");
      let stem = wanted;
      // Some file systems do not tell upper from lower case.
      for (let n = 2; used.has(stem.toLowerCase()); n++) stem = `${wanted}-${n}`;
      used.add(stem.toLowerCase());
      return stem;
    },
    async save(name, content) {
      checkAborted(signal);
      const file = join(path, name);
      await writeWhole(file, content);
      return file;
    },
  };
}

/** A name that every file system takes: letters, digits, `.`, `_` and `-`, not too long, no dot in front. */
export function safeName(name: string): string {
  const safe = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^[._]+|[._]+$/g, "");
  return [...safe].slice(0, 80).join("") || "result";
}
