// TensorFlow.js models in memory.

import { bytesSource, type Opened, safePath } from "../../../src/source.ts";

/** A `model.json` with the files beside it. */
export function memoryModel(model: unknown, files: Readonly<Record<string, Uint8Array>>): Opened {
  const text = new TextEncoder().encode(typeof model === "string" ? model : JSON.stringify(model));
  return {
    name: "model.json",
    source: bytesSource(text, "model.json"),
    folder: {
      name: "folder",
      open: async (path) => {
        const bytes = files[safePath(path)];
        return bytes && bytesSource(bytes, path);
      },
    },
  };
}

/** Little-endian floats in base64. */
export function decodeFloats(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
