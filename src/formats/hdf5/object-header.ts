// Object headers of both versions: lists of messages, each a property of a group or a dataset. Their checksums are not
// verified: neither the older version nor the weights, nearly all of a file, have any.

import { fail } from "../../errors.ts";
import { ascii, type Cursor, cursor } from "../cursor.ts";
import { beyond } from "./beyond.ts";
import type { ReadMetadata } from "./pages.ts";
import { expect } from "./signature.ts";

/** Message types, as the specification numbers them. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;
const CONTINUATION = 0x10;
/** Blocks and bytes that a header may go on in; an honest one has a few attributes of 64 KB. */
const MOST_BLOCKS = 1000;
const LONGEST = 16 * 1024 * 1024;

export interface Message {
  readonly type: number;
  readonly body: Uint8Array;
  /** The body only tells in which other object the datatype lies. */
  readonly shared: boolean;
}

interface Block {
  readonly offset: number;
  readonly length: number;
}

/** How a version lays out its messages, and the first block of them. */
interface Header {
  readonly late: boolean;
  /** Bytes of a message's type, and those between its flags and its body. */
  readonly widths: { readonly type: number; readonly skipped: number };
  readonly first: Block;
}

/** All messages of the object at `address`, continuation blocks included. @throws {BAD_MODEL} */
export async function readMessages(read: ReadMetadata, address: number): Promise<readonly Message[]> {
  const { late, widths, first } = await readHeader(read, address);
  const blocks = [first];
  const messages: Message[] = [];
  let total = 0;
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as Block;
    total += block.length;
    if (i === MOST_BLOCKS || total > LONGEST)
      fail("BAD_MODEL", `The file is damaged: the object header at byte ${address} does not end.`, { details: { address } });
    const bytes = cursor(await read(block.offset, block.length, "an object header"), "an object header");
    if (late && i > 0) expect(bytes, "OCHK", block.offset);
    const end = late && i > 0 ? CHECKSUM : 0;
    while (bytes.left >= widths.type + 3 + widths.skipped + end) {
      const message = readMessage(bytes, widths);
      if (message.type === CONTINUATION) blocks.push(continuation(message.body));
      else messages.push(message);
    }
  }
  return messages;
}

const CHECKSUM = 4;

async function readHeader(read: ReadMetadata, address: number): Promise<Header> {
  const start = await read(address, 16, "an object header");
  if (ascii(start.subarray(0, 4)) === "OHDR") return readLateHeader(read, address, start[5] as number);
  const version = start[0] as number;
  if (version !== 1) fail("BAD_MODEL", `The file is damaged: no object header at byte ${address}.`, { details: { address, version } });
  const length = cursor(start.subarray(8), "an object header").u32();
  return { late: false, widths: { type: 2, skipped: 3 }, first: { offset: address + 16, length } };
}

/** Bits of a version-2 header's flags: what else it holds. The lowest two are the width of its length. */
const ORDER = 4;
const PHASES = 16;
const TIMES = 32;

async function readLateHeader(read: ReadMetadata, address: number, flags: number): Promise<Header> {
  const offset = address + 6 + (flags & TIMES ? 16 : 0) + (flags & PHASES ? 4 : 0);
  const width = 1 << (flags & 3);
  const length = cursor(await read(offset, width, "an object header"), "an object header").uint(width);
  return { late: true, widths: { type: 1, skipped: flags & ORDER ? 2 : 0 }, first: { offset: offset + width, length } };
}

const SHARED = 2;

function readMessage(bytes: Cursor, widths: Header["widths"]): Message {
  const type = bytes.uint(widths.type);
  const length = bytes.u16();
  const shared = (bytes.u8() & SHARED) !== 0;
  bytes.skip(widths.skipped);
  if (shared && type !== MESSAGE.datatype) beyond("a shared message");
  return { type, body: bytes.bytes(length), shared };
}

function continuation(body: Uint8Array): Block {
  const fields = cursor(body, "a continuation");
  return { offset: fields.u64(), length: fields.u64() };
}
