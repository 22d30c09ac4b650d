// The bytes of a file that the C library needs. It reads at once, a source answers later: what is not there yet reads as
// zeros and is noted, then it is loaded and the library asked again.

import type { Source } from "../../source.ts";

const PAGE = 64 * 1024;
/** Pages kept from one question to the next. */
const KEPT = 1024;
/** Attempts after which twice as much is loaded at once, so that scattered data do not take an attempt for every page. */
const PATIENCE = 8;

export interface Window {
  readonly byteLength: number;
  /** Says that from what is read next on, about so many bytes are needed. */
  announce(byteLength: number): void;
  /** Fills `target` with the file's bytes from `position` on. */
  copy(target: Uint8Array, position: number): void;
  /** Loads what was missing. False if nothing was: what was read is true. */
  load(attempt: number): Promise<boolean>;
}

/** The window of a file that nothing has been read of yet. */
export function openWindow(source: Source): Window {
  const pages = new Map<number, Uint8Array>();
  /** Pages that were asked for and are not there, and how many to load from each on. The first is always needed. */
  const missing = new Map([[0, 1]]);
  let announced = 1;

  async function load(first: number, count: number): Promise<void> {
    const last = Math.min(first + count, Math.ceil(source.byteLength / PAGE));
    for (let start = first; start < last; start++) {
      let end = start;
      while (end < last && !pages.has(end)) end++;
      if (end === start) continue;
      const bytes = await source.slice(start * PAGE, Math.min(end * PAGE, source.byteLength));
      for (let i = start; i < end; i++) pages.set(i, bytes.subarray((i - start) * PAGE, (i + 1 - start) * PAGE));
      start = end;
    }
  }

  return {
    byteLength: source.byteLength,
    announce(byteLength) {
      announced = Math.ceil(byteLength / PAGE);
    },
    copy(target, position) {
      for (let done = 0; done < target.byteLength; ) {
        const index = Math.floor((position + done) / PAGE);
        const start = position + done - index * PAGE;
        const part = target.subarray(done, done + PAGE - start);
        const page = pages.get(index);
        if (page) part.set(page.subarray(start, start + part.byteLength));
        else {
          part.fill(0);
          missing.set(index, announced);
          announced = 1;
        }
        done += part.byteLength;
      }
    },
    async load(attempt) {
      const wanted = [...missing];
      missing.clear();
      announced = 1;
      for (const [index, count] of wanted) await load(index, Math.max(count, 2 ** Math.floor(attempt / PATIENCE)));
      if (wanted.length > 0) return true;
      if (pages.size > KEPT) {
        pages.clear();
        missing.set(0, 1);
      }
      return false;
    },
  };
}
