// Node: downloads a file into the cache: continued where it broke off, checked before it takes its name.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkAborted, fail, isPellucidError } from "../errors.ts";
import { cachedFile, cachePath } from "./cache.ts";
import { failWrite } from "./fail-write.ts";
import { lock } from "./lock.ts";
import { findPart, removePart } from "./part.ts";
import { transfer } from "./transfer.ts";
import type { Download, DownloadOptions } from "./types.ts";

/** How often in a row a connection may break without bringing anything. */
const TRIES = 4;

/**
 * Downloads a file, unless it is in the cache already.
 *
 * @returns its path
 * @throws {NETWORK} if the server cannot be reached or breaks off; what came is kept for the next try
 * @throws {BAD_DOWNLOAD} if the file is not the one that was asked for; nothing is kept
 * @throws {WRITE_FAILED} @throws {ABORTED}
 */
export async function download(file: Download, options: DownloadOptions = {}): Promise<string> {
  checkAborted(options.signal);
  const path = cachePath(file.name);
  if (await cachedFile(file.name)) return path;
  await mkdir(dirname(path), { recursive: true }).catch((cause) => failWrite(path, cause));
  const release = await lock(`${path}.lock`, options.signal).catch((cause) => failWrite(path, cause));
  try {
    if (await cachedFile(file.name)) return path;
    const part = `${path}.part`;
    await fetchAll(file, part, options);
    await check(file, part);
    await rename(part, path).catch((cause) => failWrite(path, cause));
    await removePart(part);
    return path;
  } finally {
    await release();
  }
}

/** Fetches until all is there, going on where a connection breaks. */
async function fetchAll(file: Download, part: string, options: DownloadOptions): Promise<void> {
  const { retryDelay = 1_000, signal } = options;
  const address = addressOf(file.url);
  for (let failures = 0; ; ) {
    const before = await findPart(part, address);
    try {
      return await transfer(address, before, { ...options, largest: file.largest });
    } catch (error) {
      const after = await findPart(part, address);
      const isBreak = isPellucidError(error, "NETWORK") && error.details.status === undefined;
      failures = after.size > before.size ? 1 : failures + 1;
      if (!isBreak || failures >= TRIES || before.size + after.size === 0) throw error;
      await sleep(retryDelay * failures);
      checkAborted(signal);
    }
  }
}

/** The file's address, on the mirror that the user has set. */
function addressOf(url: string): string {
  const mirror = process.env.PELLUCID_MIRROR;
  if (!mirror) return url;
  const base = URL.canParse(mirror) ? new URL(mirror).href : fail("BAD_ARGUMENT", `PELLUCID_MIRROR is "${mirror}", which is no address.`);
  return `${base.replace(/\/$/, "")}${new URL(url).pathname}`;
}

/** @throws {BAD_DOWNLOAD} and removes the part */
async function check({ name, url, hash, verify }: Download, part: string): Promise<void> {
  try {
    if (hash) checkHash(name, url, hash, await hashOf(part, hash.length === 64 ? "sha256" : "md5"));
    else await verify?.(part);
  } catch (error) {
    await removePart(part);
    throw error;
  }
}

function checkHash(name: string, url: string, wanted: string, found: string): void {
  if (found === wanted) return;
  fail("BAD_DOWNLOAD", `The file that was downloaded is not the official ${name}: its hash is ${found}, not ${wanted}.`, {
    hint: "Try again; if it stays so, something between you and the server changes files.",
    details: { url, wanted, found },
  });
}

async function hashOf(path: string, algorithm: "md5" | "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
