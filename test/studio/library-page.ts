// The library as a bundler gives it to a browser: built once a file into a temporary folder and served from there.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build, defaultClientConditions } from "vite";
import { type FolderServer, serveFolder } from "../../src/cli/serve-folder.ts";
import { standaloneRuntime } from "../../tools/vite/standalone-runtime.ts";
import { openChromium } from "./chromium.ts";

export interface LibraryPage {
  readonly page: Page;
  readonly server: FolderServer;
  close(): Promise<void>;
}

/**
 * Opens the page in Chromium.
 *
 * @param isolated whether it is sent the headers that multithreaded wasm needs
 * @param cores how many cores it sees; wasm takes half of them as threads
 */
export async function openLibraryPage({ isolated = true, cores = 4 }: { isolated?: boolean; cores?: number } = {}): Promise<LibraryPage> {
  const folder = mkdtempSync(join(tmpdir(), "pellucid-page-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: join(import.meta.dirname, "page"),
    base: "./",
    plugins: [standaloneRuntime()],
    resolve: { conditions: ["pellucid-source", ...defaultClientConditions] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      minify: false,
      reportCompressedSize: false,
    },
  });
  const server = await serveFolder(folder, { isolated });
  const { context, close } = await openChromium();
  const page = context.pages()[0] ?? (await context.newPage());
  const protocol = await context.newCDPSession(page);
  await protocol.send("Emulation.setHardwareConcurrencyOverride", { hardwareConcurrency: cores });
  await page.goto(server.url);
  await page.waitForFunction(() => "library" in globalThis);
  return {
    page,
    server,
    async close() {
      await close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
