// The HDF5 C library as a WebAssembly module: loaded when first needed, its files in memory, its diagnostics caught.

import { fail, isPellucidError } from "../../errors.ts";

/** The library's own functions, as h5wasm binds them. */
export type Library = Awaited<typeof import("h5wasm")["ready"]>;

/** A file that is open in the library. */
export interface LibraryFile {
  readonly library: Library;
  readonly id: bigint;
  readonly byteLength: number;
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
export async function withLibrary<T>(bytes: Uint8Array, question: (file: LibraryFile) => T): Promise<T> {
  loading ??= load();
  const library = await loading;
  const name = `${opened++}.h5`;
  diagnostics = "";
  library.FS.createDataFile("/", name, bytes, true, false, true);
  let id = -1n;
  try {
    id = library.open(`/${name}`, library.H5F_ACC_RDONLY, false, -1, -1);
    return id < 0n ? failLibrary("the HDF5 library cannot open it") : question({ library, id, byteLength: bytes.byteLength });
  } catch (error) {
    if (isPellucidError(error)) throw error;
    return failLibrary(`the HDF5 library says "${(error as Error).message}"`);
  } finally {
    if (id >= 0n) library.close_file(id);
    library.FS.unlink(`/${name}`);
  }
}

/** The library could not do it. */
export function failLibrary(what: string): never {
  return fail("BAD_MODEL", `The HDF5 file is damaged: ${what}.`, {
    hint: "Get the file again, or save the model again with Keras.",
    cause: new Error(diagnostics),
  });
}
