// Fractal heaps: objects at offsets of one address space, which a table of blocks maps to the file; each row of the table
// has blocks of twice the size of the row before, and large blocks are tables themselves.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";
import { readRecords } from "./b-tree.ts";
import { beyond } from "./beyond.ts";
import type { ReadMetadata } from "./pages.ts";
import { remember } from "./remember.ts";
import { expect } from "./signature.ts";

/** The tables: blocks a row, bytes of a block in the first row and of the largest that holds objects itself. */
interface Heap {
  readonly width: number;
  readonly first: number;
  readonly largest: number;
  /** Bytes of a table before its entries. */
  readonly tableHead: number;
  readonly checkTable: (address: number) => Promise<void>;
  readonly readAddress: (entry: number) => Promise<number>;
}

const MANAGED = 0;
const HUGE = 1;

/** The objects of the heap at `address`, by the ids that refer to them. @throws {BAD_MODEL} */
export async function openFractalHeap(read: ReadMetadata, address: number): Promise<(id: Uint8Array) => Promise<Uint8Array>> {
  const head = cursor(await read(address, 142, "a fractal heap"), "a fractal heap");
  expect(head, "FRHP", address);
  head.skip(3);
  if (head.u16() !== 0) beyond("a filtered heap");
  head.skip(1);
  const largestObject = head.u32();
  head.skip(8);
  const hugeTree = head.u64();
  head.skip(80);
  const [width, first, largest] = [head.u16(), head.u64(), head.u64()];
  const offsetBytes = Math.ceil(head.u16() / 8);
  head.skip(2);
  const [root, rows] = [head.u64(), head.u16()];
  if (width === 0 || first === 0 || largest < first) {
    fail("BAD_MODEL", `The file is damaged: the heap at byte ${address} has no blocks.`, { details: { address } });
  }
  const heap: Heap = {
    width,
    first,
    largest,
    tableHead: 13 + offsetBytes,
    checkTable: remember(async (table) => expect(cursor(await read(table, 4, "a heap's table"), "a heap's table"), "FHIB", table)),
    readAddress: remember(async (entry) => cursor(await read(entry, 8, "a heap's table"), "a heap's table").u64()),
  };
  const lengthBytes = Math.ceil(Math.log2(Math.min(largest, largestObject + 1)) / 8);
  let huge: Promise<ReadonlyMap<number, Place>> | undefined;

  return async (id) => {
    const fields = cursor(id, "a heap's id");
    const kind = (fields.u8() >> 4) & 3;
    if (kind === HUGE) {
      huge ??= readHuge(read, hugeTree);
      const found = (await huge).get(fields.uint(fields.left));
      if (found) return read(found.address, found.length, "a huge object");
      fail("BAD_MODEL", `The file is damaged: the heap at byte ${address} lacks an object.`, { details: { address } });
    }
    if (kind !== MANAGED) beyond("tiny objects");
    const offset = fields.uint(offsetBytes);
    const length = fields.uint(lengthBytes);
    return read(rows === 0 ? root + offset : await placeOf(heap, root, offset), length, "an object of a heap");
  };
}

/** Where in the file the byte `offset` of the heap lies, given the table that it is in and its offset from the table's start. */
async function placeOf(heap: Heap, table: number, offset: number): Promise<number> {
  const { width, first, largest } = heap;
  // The first two rows have blocks of the same size.
  let [row, start, size] = [0, 0, first];
  for (; offset >= start + width * size; row++) {
    start += width * size;
    if (row > 0) size *= 2;
  }
  const column = Math.floor((offset - start) / size);
  const within = offset - start - column * size;
  await heap.checkTable(table);
  const block = await heap.readAddress(table + heap.tableHead + (row * width + column) * 8);
  // What is left of the offset is smaller than a block of this row: this ends after a few tables.
  return size <= largest ? block + within : placeOf(heap, block, within);
}

interface Place {
  readonly address: number;
  readonly length: number;
}

/** Objects that are too large for the blocks lie apart, and a B-tree knows where. */
async function readHuge(read: ReadMetadata, tree: number): Promise<ReadonlyMap<number, Place>> {
  const records = await readRecords(read, tree);
  return new Map(
    records.map((record) => {
      const fields = cursor(record, "a huge object's record");
      const place = { address: fields.u64(), length: fields.u64() };
      return [fields.u64(), place];
    }),
  );
}
