// The files of a weight group as one run of bytes.

import { fail } from "../../errors.ts";
import { type Region, regionOf } from "../../graph/types.ts";
import type { Source, SourceFolder } from "../../source.ts";

export interface Shards {
  readonly byteLength: number;
  /** These bytes as a place in one of the files, or undefined where they straddle several. */
  region(start: number, length: number): Region | undefined;
  /** A copy of these bytes, out of as many files as they lie in. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** Opens the files. @throws {MISSING_FILE} @throws {UNSAFE_PATH} */
export async function openShards(folder: SourceFolder, paths: readonly string[]): Promise<Shards> {
  const files: { source: Source; start: number; end: number }[] = [];
  let byteLength = 0;
  for (const path of paths) {
    const source = (await folder.open(path)) ?? failMissing(folder, path);
    files.push({ source, start: byteLength, end: byteLength + source.byteLength });
    byteLength += source.byteLength;
  }
  return {
    byteLength,
    region(start, length) {
      const file = files.find((f) => start >= f.start && start + length <= f.end);
      return file && regionOf(file.source, start - file.start, length);
    },
    async read(start, length) {
      const bytes = new Uint8Array(length);
      for (const file of files) {
        const [from, to] = [Math.max(start, file.start), Math.min(start + length, file.end)];
        if (from < to) bytes.set(await file.source.slice(from - file.start, to - file.start), from - start);
      }
      return bytes;
    },
  };
}

function failMissing(folder: SourceFolder, path: string): never {
  return fail("MISSING_FILE", `The weights file "${path}" that model.json names is not there.`, {
    hint: "Put all files of the model into one folder; in a browser, drop them together.",
    details: { path, folder: folder.name },
  });
}
