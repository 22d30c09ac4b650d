// The studio in a real browser: what someone does who looks inside a network, with and without isolation headers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeImage, gradCam, openModel, predict, prepareImage, readNpy } from "../../src/index.ts";
import { noChromium } from "./chromium.ts";
import { type OpenStudio, openStudio } from "./open-studio.ts";

const root = join(import.meta.dirname, "../..");
const network = join(root, "assets/network/cifar10-vgg.keras");
const labels = readFileSync(join(root, "assets/network/labels.json"), "utf8");

describe.skipIf(noChromium).each([{ isolated: true }, { isolated: false }])("the studio with isolation headers: $isolated", ({ isolated }) => {
  let studio: OpenStudio;
  let page: Page;

  beforeAll(async () => {
    studio = await openStudio({ isolated });
    page = studio.page;
  });
  afterAll(() => studio?.close());

  const pixels = (label: string) =>
    page
      .locator(".live-well")
      .getByRole("img", { name: label })
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

  it("starts with the embedded network, and sees a cat", async () => {
    const model = await openModel(network, { labels });
    const photo = await decodeImage(readFileSync(join(root, "assets/photos/chelsea.png")));
    const best = (await predict(model, await prepareImage(model, photo), { top: 1 }))[0]?.[0];
    await model.dispose();
    expect(await page.locator(".prediction .label").first().textContent()).toBe(best?.label);
    expect(await page.locator(".prediction .number").first().textContent()).toBe(`${(100 * (best?.score ?? 0)).toFixed(0)}%`);
  });

  it("has threads where the page may have them", async () => {
    await page.getByText(isolated ? "2 threads" : "1 thread").waitFor();
    const threads = await page.workers()[0]?.evaluate(() => (globalThis as unknown as { threads: number }).threads);
    expect(threads).toBe(isolated ? 2 : 1);
  });

  it("shows which part of the picture spoke, as the library computes it", async () => {
    await page.getByRole("img", { name: "Heatmap for cat" }).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /\.npy/ }).click()]);
    const map = readNpy(readFileSync(await download.path())).data as Float32Array;
    await page.keyboard.press("Escape");
    const model = await openModel(network, { labels });
    const input = await prepareImage(model, readFileSync(join(root, "assets/photos/chelsea.png")));
    const [expected] = await gradCam(model, input, { target: "cat" });
    await model.dispose();
    expect(Math.max(...map.map((x, i) => Math.abs(x - (expected?.map.data[i] as number))))).toBeLessThan(1e-4);
  });

  it("saves the picture, a report in one file, and says the command", async () => {
    await page.getByRole("button", { name: "Save" }).click();
    expect(await page.locator("pre").textContent()).toMatch(/^pellucid cam cifar10-vgg.keras chelsea.png --target cat --layer block5_conv1/);
    const saved = async (name: RegExp) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return readFileSync(await download.path());
    };
    expect(await decodeImage(await saved(/PNG/))).toMatchObject({ width: 451, height: 300 });
    const report = (await saved(/Report/)).toString();
    expect(report).toContain("<h1>cat</h1>");
    expect(report.match(/src="data:image\/png;base64,/g)).toHaveLength(3);
    expect(report).not.toMatch(/(?:src|href)="(?!data:)/);
    await page.keyboard.press("Escape");
  });

  it("leads from the class to a filter that answers to it, whose pattern forms", async () => {
    await page.getByRole("region", { name: "Filters that say cat" }).getByRole("button").first().click();
    await studio.heading(/^What the filters of block5_conv1/);
    const name = /^Pattern of channel \d+ of block5_conv1$/;
    const canvas = page.locator(".live-well").getByRole("img", { name });
    await canvas.waitFor();
    await page.getByRole("img", { name: "In this picture" }).waitFor();
    const before = await canvas.evaluate((c: HTMLCanvasElement) => c.toDataURL());
    await page.getByText("step 60 of 60").waitFor();
    expect(await canvas.evaluate((c: HTMLCanvasElement) => c.toDataURL())).not.toBe(before);
    await page.getByRole("region", { name: "Gallery" }).getByRole("img", { name }).waitFor();
  });

  it("pauses a filter, goes on, and starts anew with another seed", async () => {
    await page.getByLabel("Steps").and(page.locator("input")).fill("1000");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.waitForTimeout(500);
    const paused = await pixels(await liveName());
    await page.waitForTimeout(500);
    expect(await pixels(await liveName())).toBe(paused);
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(async () => pixels(await liveName()), { timeout: 10_000 }).not.toBe(paused);
    await page.getByLabel("Steps").and(page.locator("input")).fill("5");
    await page.getByLabel("Seed").fill("7");
    await page.getByText("step 5 of 5").waitFor();
  });

  it("starts anew with another step size, and comes to the same picture with the same one", async () => {
    const first = await pixels(await liveName());
    await page.getByLabel("Step size").fill("4");
    await page.getByText("step 5 of 5").waitFor();
    await expect.poll(async () => pixels(await liveName()), { timeout: 10_000 }).not.toBe(first);
    await page.getByLabel("Step size").fill("1");
    await expect.poll(async () => pixels(await liveName()), { timeout: 10_000 }).toBe(first);
  });

  const liveName = async () => (await page.locator(".live-well canvas").getAttribute("aria-label")) as string;

  it("opens a layer: its channels, their values, the silent ones", async () => {
    await studio.selectLayer("block1_conv2");
    await studio.view("Activations");
    await studio.heading(/^What block1_conv2 answers/);
    await page.locator(".channel").nth(31).waitFor();
    await page.locator(".chart svg").waitFor();
    await page.locator(".channel").nth(3).hover();
    await expect.poll(() => page.locator(".reading").textContent()).toMatch(/Channel 3x \d+, y \d+: -?\d/);
    await page.getByText("maximum").click();
    expect(await page.locator(".channel .number").first().textContent()).not.toBe("0");
    await page.locator(".channel").first().click();
    await page.getByRole("dialog", { name: /^block1_conv2 · Channel/ }).waitFor();
    await page.keyboard.press("Escape");
  });

  it("refuses a broken file with a hint, and loses nothing", async () => {
    await studio.drop("test/reference/methods/plain.json");
    await page.getByRole("alert").getByText("UNKNOWN_FORMAT").waitFor();
    expect(await page.locator(".model-name").textContent()).toBe("cifar10-vgg.keras");
    expect(await page.locator(".prediction").first().textContent()).toContain("cat");
    await page.getByRole("button", { name: "Dismiss" }).click();
  });

  it("loads the runtime for the CPU after the network itself, and the one for WebGPU when it is chosen", async () => {
    const first = (pattern: RegExp) => studio.asked.findIndex((file) => pattern.test(file));
    expect(first(/^ort-wasm-simd-threaded-.*\.wasm$/)).toBeGreaterThan(first(/^cifar10-vgg\.keras$/));
    expect(first(/asyncify/)).toBe(-1);
  });

  it("computes the same on WebGPU", async () => {
    const onCpu = await page.locator(".predictions").textContent();
    await page.getByLabel("Device").selectOption("webgpu");
    await page.getByText(/^\d threads?$/).waitFor({ state: "detached" });
    await page.locator(".predictions").waitFor();
    expect(await page.locator(".predictions").textContent()).toBe(onCpu);
    expect(studio.asked.some((file) => /asyncify.*\.wasm$/.test(file))).toBe(true);
    await page.getByLabel("Device").selectOption("cpu");
  });

  it("opens a dropped .keras file", async () => {
    await studio.drop("assets/network/cifar10-vgg.keras");
    await page.getByRole("button", { name: /^class 3 .*Why class 3/ }).waitFor();
  });

  it("opens a dropped .onnx file, asks how pixels become inputs, and which size", async () => {
    await studio.drop("test/reference/cli/tiny.onnx");
    await page.getByText("tiny.onnx", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^unit/ }).click();
    await page.getByRole("button", { name: /Why/ }).first().waitFor();
  });

  it("speaks Korean", async () => {
    await page.getByLabel("Language").selectOption("ko");
    await page.getByRole("heading", { name: "예측" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("ko");
    await page.getByLabel("언어").selectOption("en");
  });

  it("had no error on its console, and asked nobody else for anything", () => {
    expect([studio.troubles, studio.elsewhere]).toEqual([[], []]);
  });
});
