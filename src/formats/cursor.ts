// A place in little-endian bytes that moves on as values are read: what binary headers are decoded with.

import { fail } from "../errors.ts";

export interface Cursor {
  /** Bytes not read yet. */
  readonly left: number;
  u8(): number;
  u16(): number;
  u32(): number;
  /** A 64-bit count or offset; beyond 2^53 it is rounded, which no range check lets pass. */
  u64(): number;
  /** An integer of so many bytes, rounded as that of `u64` is. */
  uint(width: number): number;
  /** The next bytes, not copied. */
  bytes(length: number): Uint8Array;
  skip(length: number): void;
}

/** A cursor at the start of `bytes`. Its methods throw `BAD_MODEL` at the end. @param what the bytes are, for the message */
export function cursor(bytes: Uint8Array, what: string): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  const take = (length: number) => {
    if (length > bytes.byteLength - position) fail("BAD_MODEL", `The file is damaged: ${what} ends too early.`, { details: { what, position, length } });
    position += length;
    return position - length;
  };
  const next = (length: number) => {
    const start = take(length);
    return bytes.subarray(start, start + length);
  };
  return {
    get left() {
      return bytes.byteLength - position;
    },
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    u64: () => Number(view.getBigUint64(take(8), true)),
    uint: (width) => next(width).reduceRight((n, byte) => n * 256 + byte, 0),
    bytes: next,
    skip: (length) => void take(length),
  };
}

/** ASCII bytes as text, for signatures. */
export function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
