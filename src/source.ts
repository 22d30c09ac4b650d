// Random access to the bytes of a file, a Blob or a buffer: all that a format reader knows of where bytes come from.

import { fail } from "./errors.ts";

/** Bytes that can be read in slices. `path` is set where ONNX Runtime can map the file itself. */
export interface Source {
  /** The file's name, for messages and for telling formats apart. */
  readonly name: string;
  readonly byteLength: number;
  /** Absolute path on disk; absent for buffers and Blobs. */
  readonly path?: string;
  /** Bytes from `start` (inclusive) to `end` (exclusive). */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** A file and the files beside it, by relative path: external weights, shards, unzipped folders. */
export interface SourceFolder {
  readonly name: string;
  /** The file at `path` (with `/`), or undefined where there is none. @throws {UNSAFE_PATH} if it leaves the folder. */
  open(path: string): Promise<Source | undefined>;
}

/** A Source over bytes in memory. */
export function bytesSource(bytes: Uint8Array, name = "buffer"): Source {
  return {
    name,
    byteLength: bytes.byteLength,
    slice: async (start, end) => bytes.subarray(start, end),
  };
}

/** All bytes of a source. */
export function readAll(source: Source): Promise<Uint8Array> {
  return source.slice(0, source.byteLength);
}

/** Exactly the bytes asked for. @throws {BAD_MODEL} where the file ends before. */
export async function readExactly(source: Source, start: number, length: number, what: string): Promise<Uint8Array> {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(length) || start < 0 || length < 0 || start + length > source.byteLength) {
    fail(
      "BAD_MODEL",
      `${source.name} is damaged or cut short: ${what} should lie at bytes ${start} to ${start + length}, but the file has ${source.byteLength}.`,
      {
        hint: "Get the file again; compare its size with the original.",
        details: { file: source.name, start, length, byteLength: source.byteLength },
      },
    );
  }
  return source.slice(start, start + length);
}
