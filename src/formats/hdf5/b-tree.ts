// B-trees of version 2: records of one size in nodes of one size. All of them are wanted, so their order does not matter.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";
import type { ReadMetadata } from "./pages.ts";
import { expect, NOWHERE } from "./signature.ts";

/** Levels; with 2 entries a node this is already more than a file can hold. */
const DEEPEST = 32;
const MOST_RECORDS = 1_000_000;
/** Signature, version, type, and the checksum at the end. */
const NODE = 10;

/** All records of the tree at `address`. @throws {BAD_MODEL} */
export async function readRecords(read: ReadMetadata, address: number): Promise<Uint8Array[]> {
  const head = cursor(await read(address, 38, "a B-tree"), "a B-tree");
  expect(head, "BTHD", address);
  head.skip(2);
  const [nodeSize, recordSize, depth] = [head.u32(), head.u16(), head.u16()];
  head.skip(2);
  const [root, rootCount] = [head.u64(), head.u16()];
  if (root === NOWHERE) return [];
  const failDamaged = () => fail("BAD_MODEL", `The file is damaged: the B-tree at byte ${address} contradicts itself.`, { details: { address } });
  if (depth > DEEPEST || recordSize === 0 || nodeSize <= NODE) failDamaged();
  const { count: countWidth, totals } = widths(nodeSize, recordSize, depth);
  const records: Uint8Array[] = [];
  const seen = new Set<number>();

  async function visit(node: number, count: number, level: number): Promise<void> {
    if (seen.has(node) || seen.size > MOST_RECORDS || records.length + count > MOST_RECORDS) failDamaged();
    seen.add(node);
    const pointer = 8 + countWidth + (totals[level - 1] ?? 0);
    const length = NODE + count * recordSize + (level > 0 ? (count + 1) * pointer : 0);
    if (length > nodeSize) failDamaged();
    const fields = cursor(await read(node, length, "a B-tree"), "a B-tree");
    expect(fields, level > 0 ? "BTIN" : "BTLF", node);
    fields.skip(2);
    for (let i = 0; i < count; i++) records.push(fields.bytes(recordSize));
    for (let i = 0; level > 0 && i <= count; i++) {
      const [child, childCount] = [fields.u64(), fields.uint(countWidth)];
      fields.skip(pointer - 8 - countWidth);
      await visit(child, childCount, level - 1);
    }
  }
  await visit(root, rootCount, depth);
  return records;
}

/** Bytes that the numbers in a node take, from the most that could have to be written: of a child's records, and of all below it. */
function widths(nodeSize: number, recordSize: number, depth: number): { count: number; totals: readonly number[] } {
  const inLeaf = Math.floor((nodeSize - NODE) / recordSize);
  const count = widthOf(inLeaf);
  const totals = [0];
  let below = inLeaf;
  for (let level = 1; level < depth; level++) {
    const pointer = 8 + count + (totals[level - 1] as number);
    const inNode = Math.max(0, Math.floor((nodeSize - NODE - pointer) / (recordSize + pointer)));
    below = (inNode + 1) * below + inNode;
    totals.push(widthOf(below));
  }
  return { count, totals };
}

/** Bytes of an integer up to `most`. */
function widthOf(most: number): number {
  return Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
}
