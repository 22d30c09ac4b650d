// Node: one connection that brings a file, or what is missing of it, to the disk.

import { type FileHandle, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { fail, isPellucidError } from "../errors.ts";
import { failWrite } from "./fail-write.ts";
import { openPart, type Part, removePart, versionOf } from "./part.ts";
import { type Answer, failConnection, patience, request } from "./request.ts";
import type { DownloadOptions } from "./types.ts";

export interface TransferOptions extends DownloadOptions {
  /** More bytes than this cannot be the file. */
  readonly largest: number;
}

/** Asks for what a part lacks and appends it. @throws {NETWORK} @throws {BAD_DOWNLOAD} @throws {WRITE_FAILED} @throws {ABORTED} */
export async function transfer(address: string, part: Part, options: TransferOptions): Promise<void> {
  const waiting = patience(options.signal, options.timeout ?? 30_000);
  try {
    const { version } = part;
    const answer = await request(address, version ? { range: `bytes=${part.size}-`, "if-range": version.validator } : {}, waiting.signal);
    if (answer.status === 200) await receive(answer, { ...part, size: 0, version: versionOf(answer.headers, address) }, options, waiting);
    else if (answer.status === 206) await receive(await checkContinues(answer, part, address), part, options, waiting);
    else await finishUnlessComplete(answer, part);
  } catch (error) {
    if (isPellucidError(error, "WRITE_FAILED") || isPellucidError(error, "BAD_DOWNLOAD")) await removePart(part.path);
    throw error;
  } finally {
    waiting.end();
  }
}

interface Patience {
  readonly signal: AbortSignal;
  alive(): void;
}

async function receive(answer: Answer, part: Part, { largest, onProgress }: TransferOptions, waiting: Patience): Promise<void> {
  const total = totalOf(answer);
  if ((total ?? 0) > largest) failLarge(answer, largest);
  await checkRoom(part, (total ?? 0) - part.size);
  const handle = await openPart(part.path, part.size, part.version).catch((cause) => failWrite(part.path, cause));
  let done = part.size;
  try {
    for await (const chunk of chunksOf(answer, waiting)) {
      if (done + chunk.byteLength > largest) failLarge(answer, largest);
      await write(handle, chunk, done).catch((cause) => failWrite(part.path, cause));
      done += chunk.byteLength;
      onProgress?.({ done, total });
    }
  } finally {
    await handle.close();
  }
  if (total !== undefined && done !== total) failShort(answer, done, total);
}

/** The answer's bytes. A broken or silent connection is an error. @throws {NETWORK} @throws {ABORTED} */
async function* chunksOf({ body, url }: Answer, { signal, alive }: Patience): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const step = await reader?.read().catch((cause) => failConnection(url, cause, signal));
      if (!step || step.done) return;
      alive();
      yield step.value;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

async function write(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) done += (await handle.write(chunk, done, chunk.byteLength - done, position + done)).bytesWritten;
}

/** The size of the whole file, where the server says it. */
function totalOf({ status, headers }: Answer): number | undefined {
  const said = status === 200 ? headers.get("content-length") : /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
  return said ? Number(said) : undefined;
}

/** Whether a partial answer goes on where the part ends, and is of the same version. */
async function checkContinues(answer: Answer, part: Part, address: string): Promise<Answer> {
  const start = Number(/^bytes (\d+)-/.exec(answer.headers.get("content-range") ?? "")?.[1]);
  const version = versionOf(answer.headers, address);
  if (start === part.size && (!version || version.validator === part.version?.validator)) return answer;
  await answer.body?.cancel();
  return startAgain(answer, part);
}

/** Nothing is left to send: the part is the whole file, or longer than it. */
async function finishUnlessComplete(answer: Answer, part: Part): Promise<void> {
  await answer.body?.cancel();
  if (totalOf(answer) !== part.size) await startAgain(answer, part);
}

async function startAgain({ url }: Answer, part: Part): Promise<never> {
  await removePart(part.path);
  return fail("NETWORK", `${url} is another file than before: the download has to start again.`, { hint: "Run the command again.", details: { url } });
}

/** @throws {WRITE_FAILED} if the disk has no room for so many bytes */
async function checkRoom({ path }: Part, bytes: number): Promise<void> {
  const disk = await statfs(dirname(path)).catch(() => undefined);
  if (!disk || disk.bavail * disk.bsize >= bytes) return;
  failWrite(path, Object.assign(new Error(`${bytes} bytes are needed, ${disk.bavail * disk.bsize} are free`), { code: "ENOSPC" }));
}

function failShort({ url }: Answer, done: number, total: number): never {
  return fail("NETWORK", `${new URL(url).host} broke off: ${done} of ${total} bytes came.`, {
    hint: "What was downloaded is kept, and the next try goes on from there.",
    details: { url, done, total },
  });
}

function failLarge({ url }: Answer, largest: number): never {
  return fail("BAD_DOWNLOAD", `${url} is larger than the file can be: more than ${largest} bytes.`, {
    hint: "Try again; if it stays so, something between you and the server changes files.",
    details: { url, largest },
  });
}
