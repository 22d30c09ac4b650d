// Node: the folder that downloaded files are kept in.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Pellucid's own folder: `PELLUCID_HOME`, or `pellucid` in the system's place for caches. */
export function cacheFolder(): string {
  const { PELLUCID_HOME, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (PELLUCID_HOME) return PELLUCID_HOME;
  if (process.platform === "win32") return join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), "pellucid");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "pellucid");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "pellucid");
}

/** Where a downloaded file lies, or will. */
export function cachePath(name: string): string {
  return join(cacheFolder(), "models", name);
}

/** A file that was downloaded before; undefined if it is not there. */
export async function cachedFile(name: string): Promise<{ path: string; byteLength: number } | undefined> {
  const path = cachePath(name);
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? { path, byteLength: info.size } : undefined;
}
