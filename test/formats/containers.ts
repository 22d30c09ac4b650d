// The reference files of the container readers, made by tools/reference/containers.py.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isRegion, type Weight } from "../../src/graph/types.ts";
import { fileSource } from "../../src/platform/node.ts";
import { readAll, type Source } from "../../src/source.ts";

const folder = new URL("../reference/containers/", import.meta.url);

export function referenceBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

export function referenceJson<T>(name: string): T {
  return JSON.parse(new TextDecoder().decode(referenceBytes(name))) as T;
}

export function referenceSource(name: string): Promise<Source> {
  return fileSource(fileURLToPath(new URL(name, folder)));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A weight's bytes, wherever they are. */
export async function bytesOfWeight({ data }: Weight): Promise<Uint8Array> {
  return isRegion(data) ? data.source.slice(data.offset, data.offset + data.length) : data;
}

/** The hash of all bytes of a source. */
export async function hashOf(source: Source): Promise<string> {
  return sha256(await readAll(source));
}
