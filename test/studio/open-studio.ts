// The built studio in Chromium, ready for a test: what a user does, and what must not happen meanwhile.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page, Route } from "playwright-core";
import { serveFolder } from "../../src/cli/serve-folder.ts";
import { toBase64 } from "./base64.ts";
import { openChromium } from "./chromium.ts";

const root = join(import.meta.dirname, "../..");

export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface OpenStudio {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly url: string;
  /** Errors on the page's console, and those that nobody caught. */
  readonly troubles: string[];
  /** The files of the studio that were asked for, without their folder. */
  readonly asked: string[];
  /** Requests to other origins. */
  readonly elsewhere: string[];
  heading(name: string | RegExp): Promise<void>;
  /** Turns to a view, by its English name. */
  view(name: string): Promise<void>;
  /** Selects a layer through the search. */
  selectLayer(name: string): Promise<void>;
  drop(...files: readonly (string | DroppedFile)[]): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  /** Whether the page is sent the headers that multithreaded wasm needs. */
  isolated?: boolean;
  /** Chromium's. */
  args?: string[];
}

export async function openStudio({ isolated = true, args }: Options = {}): Promise<OpenStudio> {
  const server = await serveFolder(join(root, "dist/studio"), { isolated });
  const { context, close } = await openChromium({ args });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(55_000);
  const [troubles, asked, elsewhere]: [string[], string[], string[]] = [[], [], []];
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  context.on("request", (request) => !/^(blob|data):/.test(request.url()) && !request.url().startsWith(server.url) && elsewhere.push(request.url()));
  context.on("request", (request) => request.url().startsWith(server.url) && asked.push(request.url().split("/").pop() as string));
  await context.route(/\/worker-[^/]*\.js$/, withFourCores);
  await page.goto(server.url);
  const studio: OpenStudio = {
    page,
    context,
    url: server.url,
    troubles,
    asked,
    elsewhere,
    heading: (name) => page.getByRole("heading", { name }).waitFor(),
    view: (name) => page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).click(),
    async selectLayer(name) {
      const search = page.getByRole("searchbox", { name: "Find a layer" });
      await search.fill(name);
      await page.locator(".matches .box").first().click();
      await search.fill("");
    },
    drop: (...files) => drop(page, files),
    async close() {
      await close();
      await server.close();
    },
  };
  await studio.heading("Which part of the picture says cat?");
  return studio;
}

async function drop(page: Page, files: readonly (string | DroppedFile)[]): Promise<void> {
  const sent = files.map(read).map(({ name, bytes }) => ({ name, text: toBase64(bytes) }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, text } of list) data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return data;
  }, sent);
  await page.dispatchEvent(".app", "drop", { dataTransfer: transfer });
}

/** A path means the project's own file. */
function read(file: string | DroppedFile): DroppedFile {
  return typeof file === "string" ? { name: file.split("/").pop() as string, bytes: readFileSync(join(root, file)) } : file;
}

/** Lets the studio's worker see four cores, whatever the machine has: half of them become threads. Counts the threads. */
async function withFourCores(route: Route): Promise<void> {
  const response = await route.fetch();
  const counting = "globalThis.threads = 1; globalThis.Worker = class extends Worker { constructor(...all) { super(...all); globalThis.threads++; } };";
  await route.fulfill({ response, body: `Object.defineProperty(navigator, "hardwareConcurrency", { value: 4 });\n${counting}\n${await response.text()}` });
}
