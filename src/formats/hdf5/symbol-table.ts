// Old-style groups: a B-tree of version 1 over symbol nodes, names in a local heap.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";
import type { ReadMetadata } from "./pages.ts";
import { expect } from "./signature.ts";
import { nullTerminated } from "./text.ts";

/** Levels of a B-tree; with 2 entries a node this is already more than a file can hold. */
const DEEPEST = 32;
/** Links of one group. Keras's groups have a few hundred. */
const MOST_LINKS = 1_000_000;

/** A link: the address of its object header, or a name only. */
export type Link = number | "soft";

/** The links of the group whose message of a symbol table this is, by name. @throws {BAD_MODEL} */
export async function readSymbolTable(read: ReadMetadata, message: Uint8Array): Promise<ReadonlyMap<string, Link>> {
  const fields = cursor(message, "a symbol table");
  const tree = fields.u64();
  const heap = await readHeap(read, fields.u64());
  const links = new Map<string, Link>();
  const seen = new Set<number>();
  const visit = async (address: number, depth: number): Promise<void> => {
    if (depth > DEEPEST || seen.has(address)) fail("BAD_MODEL", "The file is damaged: a group's B-tree has a cycle.", { details: { address } });
    seen.add(address);
    const { level, children } = await readTreeNode(read, address);
    for (const child of children) {
      if (level > 0) await visit(child, depth + 1);
      else for (const [name, link] of await readSymbols(read, child, heap)) links.set(name, link);
      if (links.size > MOST_LINKS || seen.size > MOST_LINKS) fail("BAD_MODEL", "The file is damaged: a group has too many links.", { details: { address } });
    }
  };
  await visit(tree, 0);
  return links;
}

async function readTreeNode(read: ReadMetadata, address: number): Promise<{ level: number; children: number[] }> {
  const head = cursor(await read(address, 24, "a B-tree"), "a B-tree");
  expect(head, "TREE", address);
  if (head.u8() !== 0) fail("BAD_MODEL", `The file is damaged: the B-tree at byte ${address} is not that of a group.`, { details: { address } });
  const level = head.u8();
  const count = head.u16();
  const entries = cursor(await read(address + 24, count * 16, "a B-tree"), "a B-tree");
  const children = Array.from({ length: count }, () => {
    entries.skip(8);
    return entries.u64();
  });
  return { level, children };
}

async function readSymbols(read: ReadMetadata, address: number, heap: Uint8Array): Promise<[string, Link][]> {
  const head = cursor(await read(address, 8, "a symbol node"), "a symbol node");
  expect(head, "SNOD", address);
  head.skip(2);
  const count = head.u16();
  const entries = cursor(await read(address + 8, count * 40, "a symbol node"), "a symbol node");
  return Array.from({ length: count }, () => {
    const name = entries.u64();
    const header = entries.u64();
    const cached = entries.u32();
    entries.skip(20);
    if (name >= heap.byteLength) fail("BAD_MODEL", "The file is damaged: a link's name lies outside the heap.", { details: { address, name } });
    return [nullTerminated(heap.subarray(name)), cached === SYMBOLIC_LINK ? "soft" : header];
  });
}

const SYMBOLIC_LINK = 2;

async function readHeap(read: ReadMetadata, address: number): Promise<Uint8Array> {
  const head = cursor(await read(address, 32, "a local heap"), "a local heap");
  expect(head, "HEAP", address);
  head.skip(4);
  const length = head.u64();
  head.skip(8);
  return read(head.u64(), length, "a local heap");
}
