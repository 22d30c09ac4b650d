// The same numbers in the browser as in Node: on wasm, with one thread and with several, and on WebGPU.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";
import { noChromium } from "./chromium.ts";
import { type LibraryPage, openLibraryPage } from "./library-page.ts";
import { type Answers, answerAll } from "./page/answer-all.ts";

const root = join(import.meta.dirname, "../..");
const picture = readFileSync(join(root, "assets/photos/chelsea.png"));

const networks = [
  { file: "test/reference/methods/residual.onnx", layer: "relu", options: { preprocess: "unit", size: 24 } },
  { file: "test/reference/methods/chapter.keras", layer: "block2_conv1", options: { preprocess: "unit" } },
  { file: "assets/network/cifar10-vgg.keras", layer: "block3_conv1", options: {} },
] as const;

const devices = ["cpu", "webgpu"] as const;

const hosts = [
  { isolated: true, cores: 4 },
  { isolated: false, cores: 4 },
] as const;

describe.skipIf(noChromium).each(hosts)("a page of $cores cores, with isolation headers: $isolated", (host) => {
  let opened: LibraryPage;
  beforeAll(async () => {
    opened = await openLibraryPage(host);
  }, 120_000);
  afterAll(() => opened?.close());

  it("is what the headers make it", async () => {
    expect(await opened.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(host.isolated);
  });

  describe.each(networks)("and $file", ({ file, layer, options }) => {
    // WebGPU is the same with the headers and without; on its software adapter the larger network takes half a minute.
    it.each(host.isolated ? devices : (["cpu"] as const))("computes Node's numbers on %s", async (device) => {
      const model = readFileSync(join(root, file));
      const question = { layer, options: { ...options, device } } as const;
      const asked = { ...question, model: toBase64(model), picture: toBase64(picture) };
      const browser = await opened.page.evaluate((q) => globalThis.library.answerInPage(q), asked);
      const inNode = await answerAll({ ...question, options, model: new Uint8Array(model), picture: new Uint8Array(picture) });
      expectSame(Object.fromEntries(Object.entries(browser).map(([name, text]) => [name, new Float32Array(fromBase64(text).buffer)])), inNode);
    });
  });
});

/** Within 1e-4 of the largest number of each list, or of 1. */
function expectSame(actual: Answers, expected: Answers): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  const differences = Object.entries(expected).map(([name, numbers]) => [name, difference(actual[name] as Float32Array, numbers)] as const);
  expect(Object.fromEntries(differences.filter(([, off]) => !(off < 1e-4)))).toEqual({});
}

function difference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - (actual[i] as number))), 0) / scale;
}
