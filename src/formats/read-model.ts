// Every model format that Pellucid reads, and how to tell which one a file is.

import { fail } from "../errors.ts";
import type { Opened } from "../source.ts";
import { emptyFolder, type Foreign, foreignByBytes, foreignByName, savedModel } from "./foreign.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { type Peek, peek, zipSignature } from "./peek.ts";

/** A model format: how to recognise a file of it, and its reader, loaded when first needed. */
export interface Format {
  readonly name: string;
  /** As users see it: `ONNX (.onnx)`. */
  readonly title: string;
  /** Whether a file looks like one. The first format that says so reads it. */
  matches(file: Peek): boolean;
  /** The file whose presence makes a folder a model of this format. */
  readonly folderFile?: string;
  read(opened: Opened): Promise<LoadedModel>;
}

/** All formats, in the order in which they are tried. */
export const formats: readonly Format[] = [
  {
    name: "onnx",
    title: "ONNX (.onnx)",
    matches: ({ head, name }) => looksLikeOnnx(head) || /\.onnx$/i.test(name),
    read: async (opened) => (await import("./onnx.ts")).readOnnx(opened),
  },
  {
    name: "keras-h5",
    title: "Keras (.h5)",
    // A zip archive may hold one at just such a place.
    matches: ({ text, name }) =>
      (!text.startsWith(zipSignature) && [0, 512, 1024, 2048].some((start) => text.startsWith("\x89HDF\r\n\x1a\n", start))) || /\.(h5|hdf5)$/i.test(name),
    read: async (opened) => (await import("./keras/read-h5.ts")).readKerasH5(opened),
  },
  {
    name: "keras",
    title: "Keras (.keras)",
    matches: ({ text, name }) => text.startsWith(zipSignature) || /\.keras$/i.test(name),
    folderFile: "config.json",
    read: async (opened) => (await import("./keras/read-zip.ts")).readKerasZip(opened),
  },
  {
    name: "keras-json",
    title: "Keras (architecture .json beside weights)",
    matches: ({ text }) => /^\s*\{/.test(text) && /"(class_name|weight_map)"\s*:/.test(text) && !/"(modelTopology|weightsManifest)"/.test(text),
    read: async (opened) => (await import("./keras/read-architecture.ts")).readKerasJson(opened),
  },
  {
    name: "tfjs",
    title: "TensorFlow.js (model.json)",
    matches: ({ text }) => /^\s*\{/.test(text) && /"(modelTopology|weightsManifest)"\s*:/.test(text),
    folderFile: "model.json",
    read: async (opened) => (await import("./tfjs/read-tfjs.ts")).readTfjs(opened),
  },
];

/**
 * Reads a model of any format.
 *
 * @throws {UNKNOWN_FORMAT} with what the file looks like and what to do
 * @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {UNSUPPORTED_OPERATOR} @throws {MISSING_FILE} by its reader
 */
export async function readModel(opened: Opened): Promise<LoadedModel> {
  if (!opened.source) return readFolder(opened);
  const file = await peek(opened.source, opened.name);
  const foreign = foreignByBytes(file);
  if (foreign) return failUnknown(opened.name, foreign);
  const format = formats.find((known) => known.matches(file));
  if (format) return format.read(opened);
  return failUnknown(opened.name, foreignByName(file));
}

async function readFolder(opened: Opened): Promise<LoadedModel> {
  for (const format of formats) {
    if (format.folderFile && (await opened.folder.open(format.folderFile))) return format.read(opened);
  }
  return failUnknown(opened.name, (await opened.folder.open("saved_model.pb")) ? savedModel : emptyFolder);
}

function failUnknown(name: string, foreign: Foreign | undefined): never {
  const titles = formats.map((format) => format.title).join(", ");
  return fail("UNKNOWN_FORMAT", `${name} is no model that Pellucid reads${foreign ? `: it looks like ${foreign.what}` : ""}.`, {
    hint: foreign?.hint ?? `Pellucid reads ${titles}.`,
    details: { file: name, looksLike: foreign?.what },
  });
}

/** A ModelProto begins with its format version, a small number, as every exporter writes it; then one of a few fields. */
function looksLikeOnnx(head: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = head;
  return tag === 0x08 && version > 0 && version < 32 && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72].includes(next);
}
