// The global heap: collections of objects that variable-length strings point into.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";
import type { ReadMetadata } from "./pages.ts";
import { expect } from "./signature.ts";

/** The object `index` of the collection at `address`. */
export type ReadHeapObject = (address: number, index: number) => Promise<Uint8Array>;

/** Collections kept after they were parsed. */
const KEPT = 64;

/** The global heap of a file. */
export function readGlobalHeap(read: ReadMetadata): ReadHeapObject {
  const collections = new Map<number, Promise<ReadonlyMap<number, Uint8Array>>>();
  return async (address, index) => {
    const collection = collections.get(address) ?? readCollection(read, address);
    if (collections.size >= KEPT) collections.clear();
    collections.set(address, collection);
    return (
      (await collection).get(index) ??
      fail("BAD_MODEL", `The file is damaged: the heap at byte ${address} lacks object ${index}.`, { details: { address, index } })
    );
  };
}

async function readCollection(read: ReadMetadata, address: number): Promise<ReadonlyMap<number, Uint8Array>> {
  const head = cursor(await read(address, 16, "a global heap"), "a global heap");
  expect(head, "GCOL", address);
  head.skip(4);
  const objects = new Map<number, Uint8Array>();
  const body = cursor(await read(address + 16, head.u64() - 16, "a global heap"), "a global heap");
  while (body.left >= 16) {
    const index = body.u16();
    body.skip(6);
    const length = body.u64();
    // Object 0 is the free space at the end.
    if (index === 0) break;
    objects.set(index, body.bytes(length));
    body.skip(Math.min(body.left, -length & 7));
  }
  return objects;
}
