// Object headers of version 1: the list of messages that describes a group or a dataset.

import { fail } from "../../errors.ts";
import { type Cursor, cursor } from "../cursor.ts";
import { beyond } from "./beyond.ts";
import type { ReadMetadata } from "./pages.ts";

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
}

interface Block {
  readonly offset: number;
  readonly length: number;
}

/** All messages of the object at `address`, continuation blocks included. @throws {BAD_MODEL} */
export async function readMessages(read: ReadMetadata, address: number): Promise<readonly Message[]> {
  const head = cursor(await read(address, 16, "an object header"), "an object header");
  const version = head.u8();
  if (version === "O".charCodeAt(0)) beyond("an object header of version 2");
  if (version !== 1) fail("BAD_MODEL", `The file is damaged: no object header at byte ${address}.`, { details: { address, version } });
  head.skip(7);
  const blocks: Block[] = [{ offset: address + 16, length: head.u32() }];
  const messages: Message[] = [];
  let total = 0;
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as Block;
    total += block.length;
    if (i === MOST_BLOCKS || total > LONGEST)
      fail("BAD_MODEL", `The file is damaged: the object header at byte ${address} does not end.`, { details: { address } });
    const bytes = cursor(await read(block.offset, block.length, "an object header"), "an object header");
    while (bytes.left >= 8) {
      const message = readMessage(bytes);
      if (message.type === CONTINUATION) blocks.push(continuation(message.body));
      else messages.push(message);
    }
  }
  return messages;
}

const SHARED = 2;

function readMessage(bytes: Cursor): Message {
  const type = bytes.u16();
  const length = bytes.u16();
  const flags = bytes.u8();
  bytes.skip(3);
  if (flags & SHARED) beyond("a shared message");
  return { type, body: bytes.bytes(length) };
}

function continuation(body: Uint8Array): Block {
  const fields = cursor(body, "a continuation");
  return { offset: fields.u64(), length: fields.u64() };
}
