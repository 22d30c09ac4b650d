// Metadata of a file, read in pages and kept, so that the many small structures of HDF5 cost few reads.

import { fail } from "../../errors.ts";
import { checkRange, type Source } from "../../source.ts";

/** Bytes of a page. Structures of one layer lie together, those of different layers apart. */
const PAGE = 16 * 1024;
/** Pages kept; the oldest are dropped. */
const KEPT = 1024;
/** No structure is longer. The longest that occurs is a model configuration of some megabytes. */
const LONGEST = 64 * 1024 * 1024;
/** Bytes read in all, those read again included: structures that lead in circles end here. Large honest files need some megabytes. */
const MOST = 256 * 1024 * 1024;
/** What a read costs besides its bytes, in bytes. */
const COST = 512;

/** Metadata reads by absolute offset. @throws {BAD_MODEL} beyond the end of the file */
export type ReadMetadata = (offset: number, length: number, what: string) => Promise<Uint8Array>;

/** A source's metadata by pages. */
export function readPages(source: Source): ReadMetadata {
  const pages = new Map<number, Promise<Uint8Array>>();
  const page = (index: number) => {
    const known = pages.get(index);
    if (known) return known;
    const oldest = pages.size >= KEPT ? pages.keys().next().value : undefined;
    if (oldest !== undefined) pages.delete(oldest);
    const bytes = source.slice(index * PAGE, Math.min((index + 1) * PAGE, source.byteLength));
    pages.set(index, bytes);
    return bytes;
  };
  let total = 0;
  return async (offset, length, what) => {
    checkRange(source, offset, length, what);
    total += length + COST;
    if (total > MOST) fail("BAD_MODEL", `${source.name} is damaged: what describes its contents does not end.`, { details: { total } });
    if (length > LONGEST) fail("BAD_MODEL", `${source.name} is damaged: ${what} is said to take ${length} bytes.`, { details: { offset, length } });
    const first = Math.floor(offset / PAGE);
    const count = Math.floor((offset + length - 1) / PAGE) - first + 1;
    if (count > 4) return source.slice(offset, offset + length);
    const parts = await Promise.all(Array.from({ length: count }, (_, i) => page(first + i)));
    const start = offset - first * PAGE;
    return joined(parts).subarray(start, start + length);
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
