// Writes protobuf messages by their tables.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { assert } from "../../errors.ts";
import type { Field, MessageType } from "./message.ts";

/** The message's bytes. Fields that are undefined are left out. */
export function writeMessage<T>(type: MessageType<T>, value: Partial<T>): Uint8Array {
  const writer = new BinaryWriter();
  writeFields(writer, type, value);
  return writer.finish();
}

function writeFields<T>(writer: BinaryWriter, type: MessageType<T>, value: Partial<T>): void {
  for (const field of type.fields.values()) {
    const content = value[field.name as keyof T];
    if (content === undefined) continue;
    for (const item of Array.isArray(content) ? content : [content]) writeField(writer, field, item);
  }
}

function writeField(writer: BinaryWriter, { number, kind }: Field, value: unknown): void {
  if (typeof kind === "object") {
    writer.tag(number, WireType.LengthDelimited).fork();
    writeFields(writer, kind.message(), value as object);
    writer.join();
    return;
  }
  switch (kind) {
    case "int":
    case "ints":
      writer.tag(number, WireType.Varint).int64(toInt64(value as number));
      break;
    case "float":
    case "floats":
      writer.tag(number, WireType.Bit32).float(value as number);
      break;
    case "string":
    case "strings":
      writer.tag(number, WireType.LengthDelimited).string(value as string);
      break;
    default:
      assert(value instanceof Uint8Array, "only bytes in memory can be written");
      writer.tag(number, WireType.LengthDelimited).bytes(value);
  }
}

/** Numbers above 2^53 were rounded when they were read: "as far as it goes" is written as the largest int64. */
function toInt64(value: number): bigint {
  const limit = 2n ** 63n;
  const big = BigInt(value);
  return big >= limit ? limit - 1n : big < -limit ? -limit : big;
}
