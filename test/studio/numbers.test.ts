// The same numbers in the browser as in Node: on wasm, with one thread and with several, and on WebGPU.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noChromium } from "./chromium.ts";
import { type LibraryPage, openLibraryPage } from "./library-page.ts";
import { type Answers, answerAll } from "./page/answer-all.ts";

const root = join(import.meta.dirname, "../..");
const picture = readFileSync(join(root, "assets/photos/chelsea.png"));

const networks = [
  { file: "test/reference/methods/residual.onnx", layer: "features.2", options: { preprocess: "unit", size: 24 } },
  { file: "test/reference/methods/chapter.keras", layer: "block2_conv1", options: { preprocess: "unit" } },
  { file: "assets/network/cifar10-vgg.keras", layer: "block3_conv1", options: {} },
] as const;

const devices = ["cpu", "webgpu"] as const;

describe.skipIf(noChromium).each([
  { isolated: true, cores: 4 },
  { isolated: false, cores: 4 },
])("a page of $cores cores, with isolation headers: $isolated", (host) => {
  let opened: LibraryPage;
  beforeAll(async () => {
    opened = await openLibraryPage(host);
  }, 120_000);
  afterAll(() => opened?.close());

  it("is what the headers make it", async () => {
    expect(await opened.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(host.isolated);
  });

  describe.each(networks)("and $file", ({ file, layer, options }) => {
    it.each(devices)("computes Node's numbers on %s", async (device) => {
      const model = readFileSync(join(root, file));
      const question = { layer, options: { ...options, device } } as const;
      const browser = await opened.page.evaluate(
        (q) => globalThis.library.answerAll({ ...q, model: Uint8Array.from(q.model), picture: Uint8Array.from(q.picture) }),
        { ...question, model: [...model], picture: [...picture] },
      );
      const inNode = { ...question, options, model: new Uint8Array(model), picture: new Uint8Array(picture) } as const;
      expectSame(browser, await answerAll(inNode));
    });
  });
});

/** Within 1e-4 of the largest number of each list, or of 1. */
function expectSame(actual: Answers, expected: Answers): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, numbers] of Object.entries(expected)) {
    const scale = Math.max(1, ...numbers.map(Math.abs));
    const off = Math.max(...numbers.map((x, i) => Math.abs(x - (actual[name]?.[i] ?? Number.NaN)) / scale));
    expect(off, name).toBeLessThan(1e-4);
  }
}
