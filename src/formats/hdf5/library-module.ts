// The HDF5 C library as a WebAssembly module: loaded when first needed, its files behind windows, its diagnostics caught.

import { fail, isPellucidError } from "../../errors.ts";
import type { Window } from "./window.ts";

/** The library's own functions, as h5wasm binds them. */
export type Library = Awaited<typeof import("h5wasm")["ready"]>;

/** A file that is open in the library. */
export interface LibraryFile {
  readonly library: Library;
  readonly id: bigint;
  readonly window: Window;
}

let loading: Promise<Library> | undefined;
let diagnostics = "";
let opened = 0;

async function load(): Promise<Library> {
  const library = await (await import("h5wasm")).ready;
  const files = library.FS as unknown as { getStream(fd: number): { stream_ops: object } };
  const stderr = files.getStream(2);
  const write = (_: unknown, buffer: Uint8Array, offset: number, length: number) => {
    diagnostics += new TextDecoder().decode(buffer.subarray(offset, offset + length));
    return length;
  };
  stderr.stream_ops = { ...stderr.stream_ops, write };
  return library;
}

/**
 * Answers a question about a file that is open in the library only meanwhile, so that nothing of it stays in memory.
 *
 * @throws {BAD_MODEL} with the library's diagnostics if the library fails
 */
export async function withLibrary<T>(window: Window, question: (file: LibraryFile) => T): Promise<T> {
  loading ??= load();
  const library = await loading;
  await window.load(0);
  for (let attempt = 0; ; attempt++) {
    const answer = settled(() => tryQuestion(library, window, question));
    if (!(await window.load(attempt))) return answer();
  }
}

/** What the function does, kept for later: its value, or its error. */
function settled<T>(of: () => T): () => T {
  try {
    const value = of();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function tryQuestion<T>(library: Library, window: Window, question: (file: LibraryFile) => T): T {
  const name = `/${opened++}.h5`;
  diagnostics = "";
  createFile(library, name, window);
  let id = -1n;
  try {
    id = library.open(name, library.H5F_ACC_RDONLY, false, -1, -1);
    return id < 0n ? failLibrary("the HDF5 library cannot open it") : question({ library, id, window });
  } catch (error) {
    if (isPellucidError(error)) throw error;
    return failLibrary(`the HDF5 library says "${(error as Error).message}"`);
  } finally {
    if (id >= 0n) library.close_file(id);
    library.FS.unlink(name);
  }
}

/** A file in the library's memory that takes its bytes from the window. */
function createFile(library: Library, name: string, window: Window): void {
  const files = library.FS as unknown as { create(path: string, mode: number): LibraryNode };
  const node = files.create(name, 0o444);
  node.usedBytes = window.byteLength;
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream, buffer, offset, length, position) {
      const count = Math.max(0, Math.min(length, window.byteLength - position));
      window.copy(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, count), position);
      return count;
    },
  };
}

/** A file as Emscripten's memory file system keeps it. */
interface LibraryNode {
  usedBytes: number;
  stream_ops: { read(stream: unknown, buffer: Int8Array, offset: number, length: number, position: number): number };
}

/** The library could not do it. */
export function failLibrary(what: string): never {
  const filter = /required filter '(\w+)'/.exec(diagnostics)?.[1];
  if (filter) {
    fail("BAD_MODEL", `The HDF5 file holds weights packed by the filter "${filter}", which Pellucid does not have.`, {
      hint: "Write the file again without filters (h5repack -f NONE), or with gzip.",
      details: { filter },
    });
  }
  return fail("BAD_MODEL", `The HDF5 file is damaged: ${what}.`, {
    hint: "Get the file again, or save the model again with Keras.",
    cause: new Error(diagnostics),
  });
}
