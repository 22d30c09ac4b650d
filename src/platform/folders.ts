// Folders and sources that are the same on every platform: Blobs, lists of dropped files, nothing at all.

import { fail } from "../errors.ts";
import { type Source, type SourceFolder, safePath } from "../source.ts";
import type { Opened } from "./types.ts";

/** A folder without files, for models that come as bytes. */
export const emptyFolder: SourceFolder = { name: "(no folder)", open: async (path) => void safePath(path) };

export function blobSource(blob: Blob): Source {
  return {
    name: (blob as File).name ?? "model",
    byteLength: blob.size,
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

/** Several dropped files as a folder. The model is the one that no other refers to: `model.json`, `.onnx`, `.keras`, `.h5` first. */
export function filesFolder(files: readonly File[]): Opened {
  const order = [/(^|\/)model\.json$/, /\.onnx$/, /\.keras$/, /\.(h5|hdf5)$/, /\.json$/];
  const main = order.map((pattern) => files.find((file) => pattern.test(file.name))).find(Boolean) ?? files[0];
  if (!main) fail("BAD_ARGUMENT", "No files were given.");
  const folder: SourceFolder = {
    name: "(files)",
    async open(path) {
      const wanted = safePath(path);
      const file = files.find((f) => f.webkitRelativePath === wanted || f.name === wanted || f.name === wanted.split("/").pop());
      return file && blobSource(file);
    },
  };
  return { name: main.name, source: blobSource(main), folder };
}
