// The beginning of a file: enough to tell what it is.

import type { Source } from "../source.ts";

export interface Peek {
  readonly name: string;
  readonly byteLength: number;
  readonly head: Uint8Array;
  /** `head`, a character for each byte. */
  readonly text: string;
}

const HEAD = 4096;

/** Reads the beginning of a file. */
export async function peek(source: Source, name: string): Promise<Peek> {
  const head = await source.slice(0, Math.min(HEAD, source.byteLength));
  return { name, byteLength: source.byteLength, head, text: Array.from(head, (byte) => String.fromCharCode(byte)).join("") };
}

export const zipSignature = "PK\x03\x04";

/** The name of a zip file's first entry, or undefined if the file is no zip file. */
export function firstEntry({ text }: Peek): string | undefined {
  if (!text.startsWith(zipSignature)) return undefined;
  const length = text.charCodeAt(26) + text.charCodeAt(27) * 256;
  return text.slice(30, 30 + length);
}
