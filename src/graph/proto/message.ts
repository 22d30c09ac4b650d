// What a protobuf message looks like: a table of its fields, by which it is read and written.

import type { Region } from "../types.ts";

/** Bytes, or the place in the file of bytes too many to read. */
export type Payload = Uint8Array | Region;

/**
 * How a field is stored:
 * `int`, `float`, `string` once, with an `s` any number of times (packed or not); `data` bytes;
 * `fixed` an array of 4- or 8-byte numbers, as their little-endian bytes;
 * `varints` an array of varints, as their encoded bytes.
 */
export type Scalar = "int" | "ints" | "float" | "floats" | "string" | "strings" | "data" | "fixed" | "varints";

export interface Nested {
  // biome-ignore lint/suspicious/noExplicitAny: any message may be nested
  readonly message: () => MessageType<any>;
  readonly many: boolean;
}

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly kind: Scalar | Nested;
}

/** A message that is read as `T`: fields that are absent are undefined, repeated ones empty. */
export interface MessageType<T> {
  readonly name: string;
  readonly fields: ReadonlyMap<number, Field>;
  /** Never set: carries `T`. */
  readonly type?: T;
}

type FieldTable<T> = { readonly [K in keyof T]-?: readonly [number: number, kind: Scalar | Nested] };

/** Declares a message by its fields. */
export function message<T>(name: string, table: FieldTable<T>): MessageType<T> {
  const fields = Object.entries<readonly [number, Scalar | Nested]>(table).map(([key, [number, kind]]) => [number, { name: key, number, kind }] as const);
  return { name, fields: new Map(fields) };
}

/** A field that holds one message. A function, so that messages may nest in each other. */
export function one<T>(type: () => MessageType<T>): Nested {
  return { message: type, many: false };
}

/** A field that holds any number of messages. */
export function many<T>(type: () => MessageType<T>): Nested {
  return { message: type, many: true };
}

/** Whether a field may occur any number of times. */
export function isRepeated({ kind }: Field): boolean {
  return typeof kind === "object" ? kind.many : kind === "ints" || kind === "floats" || kind === "strings";
}
