// Random access to the bytes of a file, a Blob or a buffer: all that a format reader knows of where bytes come from.

import { fail } from "./errors.ts";

/** Bytes that can be read in slices. `path` is set where ONNX Runtime can map the file itself. */
export interface Source {
  /** The file's name, for messages and for telling formats apart. */
  readonly name: string;
  readonly byteLength: number;
  /** Absolute path on disk; absent for buffers, Blobs and parts of files. */
  readonly path?: string;
  /** The source that this one is a part of, and where in it it begins; `source` itself is never a part. */
  readonly within?: { readonly source: Source; readonly offset: number };
  /** Bytes from `start` (inclusive) to `end` (exclusive). */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** A file and the files beside it, by relative path: external weights, shards, unzipped folders. */
export interface SourceFolder {
  readonly name: string;
  /** The file at `path` (with `/`), or undefined where there is none. @throws {UNSAFE_PATH} if it leaves the folder. */
  open(path: string): Promise<Source | undefined>;
}

/** A model's file, and the folder that its other files lie in. `source` is absent for a folder. */
export interface Opened {
  readonly name: string;
  readonly source: Source | undefined;
  readonly folder: SourceFolder;
}

/** A Source over bytes in memory. */
export function bytesSource(bytes: Uint8Array, name = "buffer"): Source {
  // Node's Buffer has another `slice`, which does not copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    name,
    byteLength: plain.byteLength,
    slice: async (start, end) => plain.subarray(start, end),
  };
}

/** A part of a source as a Source of its own, as a file within an archive. @throws {BAD_MODEL} where the source ends before. */
export function subSource(source: Source, offset: number, length: number, name: string): Source {
  checkRange(source, offset, length, name);
  const clamp = (position: number) => offset + Math.min(Math.max(position, 0), length);
  return {
    name,
    byteLength: length,
    within: { source: source.within?.source ?? source, offset: (source.within?.offset ?? 0) + offset },
    slice: (start, end) => source.slice(clamp(start), clamp(Math.max(start, end))),
  };
}

/** All bytes of a source. */
export function readAll(source: Source): Promise<Uint8Array> {
  return source.slice(0, source.byteLength);
}

/** Exactly the bytes asked for. @throws {BAD_MODEL} where the file ends before. */
export async function readExactly(source: Source, start: number, length: number, what: string): Promise<Uint8Array> {
  checkRange(source, start, length, what);
  return source.slice(start, start + length);
}

/** Checks that the bytes lie within the file. @throws {BAD_MODEL} */
export function checkRange(source: Source, start: number, length: number, what: string): void {
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
}

/** The path, if it stays within its folder. @throws {UNSAFE_PATH} */
export function safePath(path: string): string {
  const parts = path.split(/[\\/]/);
  if (path === "" || parts.includes("..") || /^([\\/]|[A-Za-z]:)/.test(path) || path.includes("\0")) {
    fail("UNSAFE_PATH", `The model refers to "${path}", which lies outside its own folder.`, {
      hint: "Put the file beside the model and refer to it by a relative path.",
      details: { path },
    });
  }
  return parts.filter((part) => part !== "." && part !== "").join("/");
}
