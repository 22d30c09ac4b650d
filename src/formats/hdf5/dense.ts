// Dense storage: the links or attributes of an object with many of them. The messages themselves lie in a fractal heap; a
// B-tree, ordered by the hashes of their names, tells where.

import { cursor } from "../cursor.ts";
import { readRecords } from "./b-tree.ts";
import { beyond } from "./beyond.ts";
import { openFractalHeap } from "./fractal-heap.ts";
import type { ReadMetadata } from "./pages.ts";
import { NOWHERE } from "./signature.ts";

/** The width of the count in the message that leads here, and where in a B-tree's record are the heap's id and the flags. */
const kinds = {
  links: { count: 8, id: [4, 11], flags: undefined },
  attributes: { count: 2, id: [0, 8], flags: 8 },
} as const;

const COUNTED = 1;
const SHARED = 2;

/** The bodies of the messages that `info`, a message of link or attribute info, leads to. @throws {BAD_MODEL} */
export async function readDense(read: ReadMetadata, info: Uint8Array, of: keyof typeof kinds): Promise<Uint8Array[]> {
  const { count, id, flags } = kinds[of];
  const fields = cursor(info, "a message of dense storage");
  fields.skip(1);
  fields.skip(fields.u8() & COUNTED ? count : 0);
  const [heapAddress, tree] = [fields.u64(), fields.u64()];
  if (heapAddress === NOWHERE) return [];
  const heap = await openFractalHeap(read, heapAddress);
  const bodies: Uint8Array[] = [];
  for (const record of await readRecords(read, tree)) {
    if (flags !== undefined && (record[flags] as number) & SHARED) beyond("a shared attribute");
    bodies.push(await heap(record.subarray(...id)));
  }
  return bodies;
}
