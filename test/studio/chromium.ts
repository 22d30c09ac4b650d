// A real Chromium, if the machine has one. Without it the tests are skipped, except where CI is set: there they fail.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executable = places.find((place) => place && existsSync(place));

/** Whether tests in the browser cannot run here. */
export const noChromium = executable === undefined && process.env.CI !== "true";

if (noChromium) console.warn("Skipped: no Chromium on this machine. Install it, or set CHROMIUM to its path.");

const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const softwareGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

export interface Chromium {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts Chromium with a fresh profile, and WebGPU on its software adapter. */
export async function openChromium({ args = [], ...options }: Parameters<typeof chromium.launchPersistentContext>[1] = {}): Promise<Chromium> {
  if (!executable) throw new Error("No Chromium was found. Install it, or set CHROMIUM to its path.");
  const profile = mkdtempSync(join(tmpdir(), "pellucid-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    args: ["--no-sandbox", ...quiet, ...softwareGpu, ...args],
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
