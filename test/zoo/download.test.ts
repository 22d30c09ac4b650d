// Downloads from a server on this machine that breaks off, lies and changes its mind: a file is whole and right, or not there.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { download } from "../../src/platform/download.ts";
import type { Download, DownloadOptions } from "../../src/platform/types.ts";
import { type Behaviour, type FileServer, send, serve } from "./server.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3);
const md5 = createHash("md5").update(content).digest("hex");
const file: Download = { name: "weights.h5", url: "https://storage.googleapis.com/some/weights.h5", hash: md5, largest: 400_000 };
const quick: DownloadOptions = { retryDelay: 1, timeout: 5_000 };

let home: string;
let server: FileServer | undefined;
const cached = () => join(home, "models", "weights.h5");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pellucid-home-"));
  vi.stubEnv("PELLUCID_HOME", home);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  rmSync(home, { recursive: true, force: true });
});

async function start(behaviour: Behaviour): Promise<FileServer> {
  server = await serve(behaviour);
  vi.stubEnv("PELLUCID_MIRROR", `${server.url}/mirror/`);
  return server;
}

/** What lies in the cache; `whole` is the file itself with the right content. */
function left(): string[] {
  const names = existsSync(join(home, "models")) ? readdirSync(join(home, "models")).sort() : [];
  return names.map((name) => (name === "weights.h5" && readFileSync(cached()).equals(content) ? "whole" : name));
}

describe("a server that behaves", () => {
  it("gives the file, from the mirror, with progress", async () => {
    const { requests } = await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    const seen: { done: number; total: number | undefined }[] = [];
    expect(await download(file, { ...quick, onProgress: (progress) => seen.push(progress) })).toBe(cached());
    expect(left()).toEqual(["whole"]);
    expect(requests[0]?.url).toBe("/mirror/some/weights.h5");
    expect(seen.at(-1)).toEqual({ done: content.length, total: content.length });
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
  });

  it("is not asked for a file that is there", async () => {
    const { requests } = await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    await download(file, quick);
    await download(file, quick);
    expect(requests).toHaveLength(1);
  });

  it("may hide the size", async () => {
    await start((_, __, outgoing) => {
      outgoing.writeHead(200, { etag: '"1"' });
      outgoing.end(content);
    });
    const totals = new Set<number | undefined>();
    await download(file, { ...quick, onProgress: ({ total }) => totals.add(total) });
    expect([...totals]).toEqual([undefined]);
    expect(left()).toEqual(["whole"]);
  });

  it("may redirect", async () => {
    await start((_, incoming, outgoing) => {
      if (incoming.url === "/elsewhere") send(content, incoming, outgoing);
      else outgoing.writeHead(302, { location: "/elsewhere" }).end();
    });
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
  });

  it("is asked once by two at the same time", async () => {
    const { requests } = await start((_, incoming, outgoing) => void setTimeout(() => send(content, incoming, outgoing), 50));
    await Promise.all([download(file, quick), download(file, quick), download(file, quick)]);
    expect(requests).toHaveLength(1);
    expect(left()).toEqual(["whole"]);
  });
});

describe("a connection that breaks", () => {
  it("goes on where it broke, in the same call", async () => {
    const { requests } = await start((request, incoming, outgoing) => send(content, incoming, outgoing, {}, request < 3 ? 70_000 * (request + 1) : undefined));
    await download(file, quick);
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, "bytes=70000-", "bytes=140000-", "bytes=210000-"]);
    expect(left()).toEqual(["whole"]);
  });

  it("goes on in the next call", async () => {
    let patient = false;
    const { requests } = await start((_, incoming, outgoing) => send(content, incoming, outgoing, {}, patient ? undefined : 90_000));
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK", hint: expect.stringContaining("goes on") });
    expect(left()).toEqual(["weights.h5.part", "weights.h5.part.json"]);
    patient = true;
    await download(file, quick);
    expect(requests.at(-1)?.headers).toMatchObject({ range: "bytes=90000-", "if-range": '"1"' });
    expect(left()).toEqual(["whole"]);
  });

  it("starts again where the server sends no parts", async () => {
    await start((request, incoming, outgoing) => send(content, incoming, outgoing, { ranges: false }, request === 0 ? 90_000 : undefined));
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
  });

  it("starts again where the file has changed meanwhile", async () => {
    const other = content.map((x) => x ^ 255);
    await start((request, incoming, outgoing) =>
      request === 0 ? send(other, incoming, outgoing, { etag: '"old"' }, 90_000) : send(content, incoming, outgoing, { etag: '"new"' }),
    );
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
  });

  it("starts again where a server goes on with another version all the same", async () => {
    await start((request, incoming, outgoing) => {
      if (request === 0) send(content, incoming, outgoing, { etag: '"1"' }, 90_000);
      else if (request === 1) {
        outgoing.writeHead(206, { etag: '"2"', "content-range": `bytes 90000-299999/300000`, "content-length": 210_000 });
        outgoing.end(content.subarray(90_000));
      } else send(content, incoming, outgoing, { etag: '"2"' });
    });
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
  });

  it("starts again where a server sends another part than the one that was asked for", async () => {
    await start((request, incoming, outgoing) => {
      if (request === 1) {
        outgoing.writeHead(206, { etag: '"1"', "content-range": `bytes 100000-299999/300000`, "content-length": 200_000 });
        outgoing.end(content.subarray(100_000));
      } else send(content, incoming, outgoing, {}, request === 0 ? 90_000 : undefined);
    });
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
  });

  it("takes a part that is the whole file already", async () => {
    const { requests } = await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    mkdirSync(join(home, "models"), { recursive: true });
    writeFileSync(`${cached()}.part`, content);
    writeFileSync(`${cached()}.part.json`, JSON.stringify({ url: `${server?.url}/mirror/some/weights.h5`, validator: '"1"' }));
    await download(file, quick);
    expect(requests[0]?.headers.range).toBe("bytes=300000-");
    expect(left()).toEqual(["whole"]);
  });

  it("does not trust a part from another address", async () => {
    const { requests } = await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    mkdirSync(join(home, "models"), { recursive: true });
    writeFileSync(`${cached()}.part`, "other bytes");
    writeFileSync(`${cached()}.part.json`, JSON.stringify({ url: "https://example.com/weights.h5", validator: '"1"' }));
    await download(file, quick);
    expect(requests[0]?.headers.range).toBeUndefined();
    expect(left()).toEqual(["whole"]);
  });

  it("gives up on a server that says nothing", async () => {
    await start((_, __, outgoing) => {
      outgoing.writeHead(200, { etag: '"1"', "content-length": content.length });
      outgoing.write(content.subarray(0, 1000));
    });
    await expect(download(file, { ...quick, timeout: 100 })).rejects.toMatchObject({ code: "NETWORK", message: expect.stringContaining("no data") });
    expect(left()).not.toContain("weights.h5");
  });

  it("gives up on a server that does not even answer", async () => {
    await start(() => undefined);
    await expect(download(file, { ...quick, timeout: 100 })).rejects.toMatchObject({ code: "NETWORK", message: expect.stringContaining("no data") });
    expect(left()).toEqual([]);
  });

  it("stops when it is told to, and keeps what came", async () => {
    const controller = new AbortController();
    await start((_, __, outgoing) => {
      outgoing.writeHead(200, { etag: '"1"', "content-length": content.length });
      outgoing.write(content.subarray(0, 1000), () => controller.abort());
    });
    await expect(download(file, { ...quick, signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(left()).not.toContain("weights.h5");
    expect(left()).not.toContain("weights.h5.lock");
  });
});

describe("a server that lies", () => {
  it("is found out by the hash, and nothing is kept", async () => {
    await start((_, incoming, outgoing) => send(content.with(1234, 99), incoming, outgoing));
    await expect(download(file, quick)).rejects.toMatchObject({ code: "BAD_DOWNLOAD", details: { wanted: md5 } });
    expect(left()).toEqual([]);
  });

  it("is found out by a SHA-256 as well", async () => {
    await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    await download({ ...file, hash: createHash("sha256").update(content).digest("hex") }, quick);
    expect(left()).toEqual(["whole"]);
    rmSync(cached());
    await expect(download({ ...file, hash: "0".repeat(64) }, quick)).rejects.toMatchObject({ code: "BAD_DOWNLOAD" });
  });

  it("promises more than it has", async () => {
    await start((_, __, outgoing) => {
      outgoing.writeHead(200, { "content-length": content.length + 10 });
      outgoing.write(content, () => setTimeout(() => outgoing.destroy(), 20));
    });
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK" });
    expect(left()).not.toContain("weights.h5");
  });

  it("announces a file that is much too large", async () => {
    await start((_, __, outgoing) => void outgoing.writeHead(200, { "content-length": 2 ** 40 }).write("x"));
    await expect(download(file, quick)).rejects.toMatchObject({ code: "BAD_DOWNLOAD", message: expect.stringContaining("larger") });
    expect(left()).toEqual([]);
  });

  it("never stops sending", async () => {
    await start((_, __, outgoing) => {
      const chunk = new Uint8Array(65_536);
      const more = () => void (outgoing.destroyed || outgoing.write(chunk, more));
      outgoing.writeHead(200);
      more();
    });
    await expect(download(file, quick)).rejects.toMatchObject({ code: "BAD_DOWNLOAD", message: expect.stringContaining("larger") });
    expect(left()).toEqual([]);
  });

  it("sends a page instead of a file whose hash nobody knows", async () => {
    await start((_, __, outgoing) => void outgoing.end("<html>Please log in"));
    const verify = async (path: string) => {
      expect(readFileSync(path, "utf8")).toContain("log in");
      throw Object.assign(new Error("no weights"), { code: "BAD_DOWNLOAD" });
    };
    await expect(download({ ...file, hash: undefined, verify }, quick)).rejects.toMatchObject({ code: "BAD_DOWNLOAD" });
    expect(left()).toEqual([]);
  });
});

describe("a server that refuses", () => {
  it.each([403, 404, 429, 500, 503])("answers %i", async (status) => {
    const { requests } = await start((_, __, outgoing) => void outgoing.writeHead(status).end("no"));
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK", details: { status } });
    expect(requests).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  it("redirects in a circle", async () => {
    await start((_, __, outgoing) => void outgoing.writeHead(302, { location: "/again" }).end());
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK", message: expect.stringContaining("redirects") });
  });

  it.each(["http://example.com/weights.h5", "ftp://example.com/weights.h5", "file:///etc/passwd"])("redirects to %s", async (location) => {
    await start((_, __, outgoing) => void outgoing.writeHead(302, { location }).end());
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK", message: expect.stringContaining("not secure") });
  });

  it("is not there", async () => {
    const { url, close } = await serve(() => undefined);
    await close();
    vi.stubEnv("PELLUCID_MIRROR", url);
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK", message: expect.stringContaining("ECONNREFUSED") });
    expect(left()).toEqual([]);
  });

  it("is an insecure mirror, or none", async () => {
    vi.stubEnv("PELLUCID_MIRROR", "http://example.com");
    await expect(download(file, quick)).rejects.toMatchObject({ code: "NETWORK", message: expect.stringContaining("not secure") });
    vi.stubEnv("PELLUCID_MIRROR", "nowhere");
    await expect(download(file, quick)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  });
});

describe("the cache", () => {
  it("may be where nothing can be written", async () => {
    await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    writeFileSync(join(home, "models"), "a file");
    await expect(download(file, quick)).rejects.toMatchObject({ code: "WRITE_FAILED", hint: expect.stringContaining("PELLUCID_HOME") });
  });

  it.runIf(existsSync("/dev/full"))("may be on a full disk", async () => {
    await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    mkdirSync(join(home, "models"));
    symlinkSync("/dev/full", `${cached()}.part`);
    await expect(download(file, quick)).rejects.toMatchObject({ code: "WRITE_FAILED", hint: expect.stringContaining("disk is full") });
    expect(left()).toEqual([]);
  });

  it("may be locked by someone who has died", async () => {
    await start((_, incoming, outgoing) => send(content, incoming, outgoing));
    mkdirSync(join(home, "models"));
    writeFileSync(`${cached()}.lock`, `${2 ** 22 + 1} gone`);
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
    rmSync(cached());
    writeFileSync(`${cached()}.lock`, `${process.pid} hung`);
    utimesSync(`${cached()}.lock`, 0, 0);
    await download(file, quick);
    expect(left()).toEqual(["whole"]);
  });

  it("may be locked by someone who works: waiting can be cancelled", async () => {
    mkdirSync(join(home, "models"));
    writeFileSync(`${cached()}.lock`, `${process.pid} working`);
    const signal = AbortSignal.timeout(150);
    await expect(download(file, { ...quick, signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(left()).toEqual(["weights.h5.lock"]);
  });
});
