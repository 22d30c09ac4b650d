// Small sequential reads from a file, served from a few larger ones.

import { readExactly, type Source } from "../../source.ts";

const SMALLEST = 4096;
const LARGEST = 1_048_576;

/**
 * A function that gives `length` bytes at `start`, a view that holds until the next call. It reads ahead, further each
 * time while reads go on without a gap, so that jumping over large weights costs a few kilobytes each.
 */
export function readAhead(source: Source): (start: number, length: number) => Promise<Uint8Array> {
  let window = new Uint8Array(0);
  let from = 0;
  let ahead = SMALLEST;
  return async (start, length) => {
    const end = start + length;
    const windowEnd = from + window.length;
    if (start < from || end > windowEnd) {
      ahead = start <= windowEnd && start >= from ? Math.min(ahead * 2, LARGEST) : SMALLEST;
      const size = Math.max(length, Math.min(ahead, source.byteLength - start));
      window = (await readExactly(source, start, size, "a field")) as Uint8Array<ArrayBuffer>;
      from = start;
    }
    return window.subarray(start - from, end - from);
  };
}
