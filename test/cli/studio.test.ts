// pellucid studio: what it serves, with which headers, to whom, and how it ends.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FolderServer, serveFolder } from "../../src/cli/serve-folder.ts";
import { binary, pellucid, temporaryFolder } from "./pellucid.ts";

const folder = join(temporaryFolder(), "site");
let server: FolderServer;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<p>page</p>");
  writeFileSync(join(folder, "assets/a b.wasm"), "wasm");
  writeFileSync(join(folder, "../secret.txt"), "secret");
  symlinkSync(join(folder, "../secret.txt"), join(folder, "link.txt"));
  server = await serveFolder(folder);
});
afterAll(() => server.close());

/** A request whose path is sent as it is: fetch would tidy it up. */
function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path, headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("the server", () => {
  it("gives the page with the headers that threads need", async () => {
    const response = await fetch(server.url);
    expect(await response.text()).toBe("<p>page</p>");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
  });

  it("names wasm as what it is, and decodes names", async () => {
    const response = await fetch(new URL("assets/a%20b.wasm?x=1", server.url));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/wasm"]);
  });

  it.each(["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/%00", "/%ff", "/assets", "//etc/passwd"])(
    "has nothing at %s",
    async (path) => {
      expect(await get(path)).toBe(404);
    },
  );

  it("answers loopback's own names only", async () => {
    expect(await get("/", { host: "example.org" })).toBe(403);
  });

  it("is only read", async () => {
    expect([await get("/", {}, "POST"), await get("/", {}, "HEAD")]).toEqual([405, 200]);
  });
});

describe("pellucid studio", () => {
  it("says where it is, serves the studio, and ends with Ctrl-C", async () => {
    const child = spawn(process.execPath, [binary, "studio", "--no-open"], { stdio: ["ignore", "pipe", "pipe"] });
    const closed = once(child, "close");
    const [said] = (await once(child.stderr, "data")) as [Buffer];
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(said.toString())?.[0] as string;
    expect(await (await fetch(url)).text()).toContain("<title>Pellucid Studio</title>");
    child.kill("SIGINT");
    expect((await closed)[0]).toBe(0);
  });

  it("says so when the port is taken", async () => {
    const { code, stderr } = await pellucid(["studio", "--no-open", "--port", new URL(server.url).port]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("--port")]);
  });
});
