// Node: the part of a file that was downloaded so far, and what tells whether the server still has the same file.

import { type FileHandle, open, readFile, rm, stat, writeFile } from "node:fs/promises";

/** A version of a file on a server. */
export interface Version {
  readonly url: string;
  /** ETag or date of the last change. */
  readonly validator: string;
}

export interface Part {
  readonly path: string;
  /** Bytes that are there. */
  readonly size: number;
  readonly version: Version | undefined;
}

/** What an earlier download of `url` left. Without a version the part cannot be continued. */
export async function findPart(path: string, url: string): Promise<Part> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  const version = await readVersion(path);
  return size > 0 && version?.url === url ? { path, size, version } : { path, size: 0, version: undefined };
}

/** Opens the part to be continued, or afresh. */
export async function openPart(path: string, size: number, version: Version | undefined): Promise<FileHandle> {
  if (size > 0) return open(path, "r+");
  const file = await open(path, "w");
  await (version ? writeFile(versionPath(path), JSON.stringify(version)) : rm(versionPath(path), { force: true }));
  return file;
}

export async function removePart(path: string): Promise<void> {
  await Promise.all([path, versionPath(path)].map((file) => rm(file, { force: true }).catch(() => undefined)));
}

/** The version that an answer is of. Weak ETags do not promise equal bytes. */
export function versionOf(headers: Headers, url: string): Version | undefined {
  const etag = headers.get("etag");
  const validator = etag && !etag.startsWith("W/") ? etag : headers.get("last-modified");
  return validator ? { url, validator } : undefined;
}

function versionPath(path: string): string {
  return `${path}.json`;
}

async function readVersion(path: string): Promise<Version | undefined> {
  try {
    const { url, validator } = JSON.parse(await readFile(versionPath(path), "utf8"));
    return typeof url === "string" && typeof validator === "string" ? { url, validator } : undefined;
  } catch {
    return undefined;
  }
}
