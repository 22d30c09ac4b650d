// Networks of five hundred layers: the graph stays usable, and the page answers while others work.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noChromium } from "./chromium.ts";
import { dense500, residual500 } from "./made-models.ts";
import { type OpenStudio, openStudio } from "./open-studio.ts";

const networks = [
  { name: "residual.onnx", bytes: residual500(), blocks: 62 },
  { name: "dense.onnx", bytes: dense500(), blocks: 31 },
] as const;

describe.skipIf(noChromium)("the studio with five hundred layers", () => {
  let studio: OpenStudio;
  let page: Page;

  beforeAll(async () => {
    studio = await openStudio();
    page = studio.page;
  });
  afterAll(() => studio?.close());

  const boxes = () => page.locator(".graph .box");

  describe.each(networks)("$name", ({ name, bytes, blocks }) => {
    it("begins folded, a box a block", async () => {
      await studio.drop({ name, bytes });
      await page.getByText(name, { exact: true }).waitFor();
      expect(await page.locator(".model-button").textContent()).toContain("500 layers");
      await expect.poll(() => page.locator(".box.folded").count(), { timeout: 30_000 }).toBe(blocks);
      expect(await boxes().count()).toBeLessThan(blocks + 10);
      await page.getByRole("button", { name: /^unit/ }).click();
      await page.locator(".prediction").first().waitFor();
    });

    it("lays out all of its layers while the page answers", async () => {
      await page.getByRole("button", { name: "Unfold all" }).click();
      await page.locator(".tabs-head").getByRole("button", { name: "Activations" }).click();
      await studio.heading(/^What .* answers/);
      await expect.poll(() => boxes().count(), { timeout: 60_000 }).toBeGreaterThan(490);
      const places = await boxes().evaluateAll((all) => all.map((box) => [(box as HTMLElement).offsetLeft, (box as HTMLElement).offsetTop].join()));
      expect(new Set(places).size).toBe(places.length);
    });

    it("selects a layer far down, and scrolls to one that is found", async () => {
      await boxes().nth(400).click();
      await expect.poll(() => boxes().nth(400).getAttribute("aria-pressed")).toBe("true");
      await studio.selectLayer("block3/2");
      const selected = page.locator('.graph .box[aria-pressed="true"]');
      expect(await selected.textContent()).toContain("block3/2");
      await expect.poll(() => selected.evaluate((box) => box.getBoundingClientRect().top)).toBeLessThan(800);
      expect(await page.locator(".graph .box").count()).toBeGreaterThan(490);
    });

    it("folds one block and all", async () => {
      const before = await boxes().count();
      await page.getByRole("button", { name: "Fold block3", exact: true }).click();
      await expect.poll(() => boxes().count(), { timeout: 60_000 }).toBeLessThan(before);
      expect(await page.locator(".box.folded").count()).toBe(1);
      await page.getByRole("button", { name: "Unfold all" }).click();
      await expect.poll(() => boxes().count(), { timeout: 60_000 }).toBe(before);
      await page.getByRole("button", { name: "Fold all" }).click();
      await expect.poll(() => page.locator(".box.folded").count(), { timeout: 60_000 }).toBe(blocks);
    });

    it("measures all layers, and a filter of the last block forms", async () => {
      await page.locator(".chart svg").waitFor({ timeout: 60_000 });
      await studio.selectLayer(`block${blocks - 1}/6`);
      await studio.view("Filters");
      await page.getByLabel("Steps").and(page.locator("input")).fill("3");
      await page.locator(".cell").first().click();
      await page.getByText("step 3 of 3").waitFor({ timeout: 60_000 });
    });
  });

  it("stops a layout that takes long", async () => {
    const layouter = page.workers().find((worker) => worker.url().includes("elk-worker"));
    await layouter?.evaluate(() => {
      setTimeout(() => {
        for (const end = Date.now() + 60_000; Date.now() < end; );
      });
    });
    await page.getByRole("button", { name: "Unfold all" }).click();
    await page.getByRole("button", { name: "Stop: Laying out the graph" }).click();
    await expect.poll(() => page.locator(".box.folded").count(), { timeout: 30_000 }).toBe(31);
    expect(await page.locator(".work-item").count()).toBe(0);
  });

  it("had no error on its console", () => expect(studio.troubles).toEqual([]));
});
