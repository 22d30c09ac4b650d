// The links of a group: in a symbol table, or each a message of its own, in the header or in a heap.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";
import { readDense } from "./dense.ts";
import { MESSAGE, type Message } from "./object-header.ts";
import type { ReadMetadata } from "./pages.ts";
import { type Link, readSymbolTable } from "./symbol-table.ts";
import { nullTerminated } from "./text.ts";

/** The links of a group by name, in alphabetical order; undefined if these messages are not those of a group. @throws {BAD_MODEL} */
export async function readLinks(read: ReadMetadata, messages: readonly Message[]): Promise<ReadonlyMap<string, Link> | undefined> {
  const bodyOf = (type: number) => messages.find((message) => message.type === type)?.body;
  const [table, info] = [bodyOf(MESSAGE.symbolTable), bodyOf(MESSAGE.linkInfo)];
  if (table) return readSymbolTable(read, table);
  if (!info) return undefined;
  const own = messages.filter(({ type }) => type === MESSAGE.link).map(({ body }) => body);
  const links = [...own, ...(await readDense(read, info, "links"))].map(readLink);
  return new Map(links.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Bits of a link's flags: what else it holds. The lowest two are the width of its name's length. */
const ORDER = 4;
const KIND = 8;
const CHARACTER_SET = 16;

function readLink(message: Uint8Array): [string, Link] {
  const fields = cursor(message, "a link");
  const version = fields.u8();
  if (version !== 1) fail("BAD_MODEL", `The file is damaged: there is no link of version ${version}.`, { details: { version } });
  const flags = fields.u8();
  const hard = !(flags & KIND) || fields.u8() === 0;
  fields.skip((flags & ORDER ? 8 : 0) + (flags & CHARACTER_SET ? 1 : 0));
  const name = nullTerminated(fields.bytes(fields.uint(1 << (flags & 3))));
  return [name, hard ? fields.u64() : "soft"];
}
