// Reads protobuf messages by their tables, straight from a file: arrays that are large stay where they are.

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { fail, isPellucidError } from "../../errors.ts";
import type { Source } from "../../source.ts";
import { type Field, isRepeated, type MessageType, type Payload } from "./message.ts";
import { readAhead } from "./read-ahead.ts";

/** Arrays longer than this stay in the file. */
const LARGE = 4096;

/** Fields longer than this are not read whole, but field by field. */
const WHOLE = 65_536;

/** A tag and a length take no more bytes than this. */
const HEAD = 20;

const MAX_DEPTH = 100;
const MAX_FIELDS = 5_000_000;

type Message = Record<string, unknown>;
type AnyType = MessageType<unknown>;

interface Reading {
  readonly source: Source;
  readonly bytes: (start: number, length: number) => Promise<Uint8Array>;
  fields: number;
}

/** The message that fills a source. @throws {BAD_MODEL} if the bytes are no such message */
export async function readMessage<T>(source: Source, type: MessageType<T>): Promise<T> {
  const message = emptyMessage(type);
  const reading = { source, bytes: readAhead(source), fields: 0 };
  try {
    await walk(reading, type, message, 0, source.byteLength, 0);
  } catch (cause) {
    if (isPellucidError(cause)) throw cause;
    fail("BAD_MODEL", `${source.name} is damaged or no ONNX file: ${(cause as Error).message}.`, {
      hint: "Get the file again; compare its size with the original.",
      details: { file: source.name, byteLength: source.byteLength },
      cause,
    });
  }
  return message as T;
}

/** Reads the fields between two places of the file into `message`; goes into large ones instead of reading them. */
async function walk(reading: Reading, type: AnyType, message: Message, start: number, end: number, depth: number): Promise<void> {
  for (let at = start; at < end; ) {
    const head = new BinaryReader(await reading.bytes(at, Math.min(HEAD, end - at)));
    const [number, wire] = head.tag();
    const length = wire === WireType.LengthDelimited ? head.uint32() : skipNumber(head, wire, number);
    const body = at + head.pos;
    const next = body + length;
    if (next > end) throw new RangeError(`${type.name} ends at byte ${end}, but field ${number} in it at byte ${next}`);
    const field = type.fields.get(number);
    if (field && length > WHOLE && isLazy(field)) {
      await enter(reading, field, message, body, length, depth);
    } else if (field) {
      parse(reading, type, message, await reading.bytes(at, next - at), at, depth);
    }
    at = next;
  }
}

/** Moves past a number; nothing follows it. */
function skipNumber(reader: BinaryReader, wire: WireType, number: number): 0 {
  if (wire === WireType.StartGroup || wire === WireType.EndGroup) throw new RangeError(`field ${number} is a group`);
  reader.skip(wire, number);
  return 0;
}

/** Whether a large field of this kind need not be read whole. */
function isLazy({ kind }: Field): boolean {
  return typeof kind === "object" || kind === "data" || kind === "fixed";
}

async function enter(reading: Reading, field: Field, message: Message, start: number, length: number, depth: number): Promise<void> {
  count(reading, depth);
  if (typeof field.kind === "object") {
    const type = field.kind.message();
    await walk(reading, type, nested(message, field, type), start, start + length, depth + 1);
  } else {
    putPayload(message, field, { source: reading.source, offset: start, length });
  }
}

/** Reads all fields in `bytes`, which lie at byte `base` of the file. */
function parse(reading: Reading, type: AnyType, message: Message, bytes: Uint8Array, base: number, depth: number): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = type.fields.get(number);
    if (!field) {
      reader.skip(wire, number);
      continue;
    }
    count(reading, depth);
    if (wire === WireType.LengthDelimited) {
      const content = reader.bytes();
      putBytes(reading, message, field, content, base + reader.pos - content.length, depth);
    } else {
      putNumber(message, field, readNumber(reader, field, wire));
    }
  }
}

function putBytes(reading: Reading, message: Message, field: Field, content: Uint8Array, offset: number, depth: number): void {
  const { kind, name } = field;
  if (typeof kind === "object") {
    const type = kind.message();
    parse(reading, type, nested(message, field, type), content, offset, depth + 1);
  } else if (kind === "string" || kind === "strings") {
    const text = utf8.decode(content);
    if (kind === "string") message[name] = text;
    else (message[name] as string[]).push(text);
  } else if (kind === "ints" || kind === "floats") {
    const reader = new BinaryReader(content);
    const wire = kind === "ints" ? WireType.Varint : WireType.Bit32;
    while (reader.pos < reader.len) putNumber(message, field, readNumber(reader, field, wire));
  } else if (kind === "int" || kind === "float") {
    throw new RangeError(`field "${name}" is no number`);
  } else {
    const large = content.length > LARGE && isLazy(field);
    putPayload(message, field, large ? { source: reading.source, offset, length: content.length } : content.slice());
  }
}

const utf8 = new TextDecoder();

function readNumber(reader: BinaryReader, { kind, name }: Field, wire: WireType): number {
  if (wire === WireType.Varint && (kind === "int" || kind === "ints")) return Number(reader.int64());
  if (wire === WireType.Bit32 && (kind === "float" || kind === "floats")) return reader.float();
  throw new RangeError(`field "${name}" has the wrong wire type ${wire}`);
}

function putNumber(message: Message, field: Field, value: number): void {
  if (isRepeated(field)) (message[field.name] as number[]).push(value);
  else message[field.name] = value;
}

function putPayload(message: Message, { name }: Field, payload: Payload): void {
  if (message[name] !== undefined) throw new RangeError(`field "${name}" is there twice`);
  message[name] = payload;
}

/** The message in `field` that is to be filled: a new one, unless the field holds only one and has it. */
function nested(message: Message, field: Field, type: AnyType): Message {
  if (!isRepeated(field) && message[field.name]) return message[field.name] as Message;
  const inner = emptyMessage(type);
  if (isRepeated(field)) (message[field.name] as Message[]).push(inner);
  else message[field.name] = inner;
  return inner;
}

function emptyMessage(type: AnyType): Message {
  const message: Message = {};
  for (const field of type.fields.values()) if (isRepeated(field)) message[field.name] = [];
  return message;
}

function count(reading: Reading, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError(`messages are nested more than ${MAX_DEPTH} deep`);
  if (++reading.fields > MAX_FIELDS) throw new RangeError(`there are more than ${MAX_FIELDS} fields`);
}
