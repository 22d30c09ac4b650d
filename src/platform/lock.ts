// Node: one process at a time works on a file. Others wait; a lock whose holder has died is taken over.

import { randomBytes } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { checkAborted } from "../errors.ts";

/** The holder touches its lock this often, in milliseconds; one that was not touched for much longer is dead. */
const BEAT = 5_000;
const DEAD = 12 * BEAT;
const POLL = 100;

/** Waits for the lock and takes it; the result gives it back. @throws {ABORTED} */
export async function lock(path: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const content = `${process.pid} ${randomBytes(8).toString("hex")}`;
  while (!(await take(path, content))) {
    checkAborted(signal);
    if (await isDead(path)) await rm(path, { force: true });
    else await sleep(POLL);
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT);
  beat.unref();
  return async () => {
    clearInterval(beat);
    if ((await readFile(path, "utf8").catch(() => "")) === content) await rm(path, { force: true });
  };
}

/** Whether the lock was free. */
async function take(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isDead(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return false;
  if (Date.now() - info.mtimeMs > DEAD) return true;
  const pid = Number((await readFile(path, "utf8").catch(() => "")).split(" ")[0]);
  return pid > 0 && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
