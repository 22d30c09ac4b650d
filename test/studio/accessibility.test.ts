// Everybody can use it: axe finds nothing serious in any view, and the keyboard reaches everything.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noChromium } from "./chromium.ts";
import { type OpenStudio, openStudio } from "./open-studio.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const widths = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const;
const looks = Object.keys(widths).flatMap((width) =>
  (["light", "dark"] as const).flatMap((theme) => (["en", "ko"] as const).map((language) => ({ width: width as keyof typeof widths, theme, language }))),
);

describe.skipIf(noChromium)("the studio for everybody", () => {
  let studio: OpenStudio;
  let page: Page;

  beforeAll(async () => {
    studio = await openStudio();
    page = studio.page;
    await page.evaluate(axe);
    await page.locator(".answering li").first().waitFor();
  });
  afterAll(() => studio?.close());

  /** What axe calls serious or critical, each rule with where it is broken. */
  const violations = () =>
    page.evaluate(async () => {
      const { violations: found } = await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run();
      return found
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => [id, nodes.map(({ target }) => String(target))]);
    });
  const overflows = () =>
    page.evaluate(() => [document.documentElement, ...document.querySelectorAll("dialog")].some((each) => each.scrollWidth > each.clientWidth));

  it.each(looks)("$width, $theme, $language", async ({ width, theme, language }) => {
    await page.setViewportSize(widths[width]);
    await page.locator(".preferences select").nth(0).selectOption(language);
    await page.locator(".preferences select").nth(1).selectOption(theme);
    const found: Record<string, unknown> = {};
    const check = async (what: string) => {
      const [wrong, wide] = [await violations(), await overflows()];
      if (wrong.length > 0 || wide) found[what] = { wrong, wide };
    };
    const tabs = page.locator(width === "wide" ? ".tabs-head" : ".tabs-foot");
    for (const view of width === "wide" ? ["heatmaps", "activations", "filters"] : ["heatmaps", "activations", "filters", "graph"]) {
      await tabs.locator(`[data-view="${view}"]`).click();
      await page
        .locator({ heatmaps: ".answering li", activations: ".chart svg", filters: ".cell", graph: ".graph .box" }[view] as string)
        .first()
        .waitFor();
      await check(view);
    }
    await tabs.locator('[data-view="heatmaps"]').click();
    for (const opener of [".model-button", ".top-end > .button", ".sources > .button[type=button]"]) {
      await page.locator(opener).click();
      await page.getByRole("dialog").waitFor();
      await check(opener);
      await page.keyboard.press("Escape");
    }
    await studio.drop("test/reference/methods/plain.json");
    await page.getByRole("alert").waitFor();
    await check("a notice");
    await page.locator(".notice .plain").click();
    expect(found).toEqual({});
  });

  it("is used from the first key to a filter's picture without a mouse", async () => {
    await page.setViewportSize(widths.wide);
    await page.locator(".preferences select").nth(0).selectOption("en");
    const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.getAttribute("aria-label") || "");
    /** Tabs to the first element whose text says this. */
    const tabTo = async (text: RegExp) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        if (text.test(await focused())) return;
      }
      throw new Error(`The keyboard does not reach ${text}.`);
    };
    await page.reload();
    await studio.heading("Which part of the picture says cat?");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the stage");
    await tabTo(/cifar10-vgg.keras/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Open model" }).waitFor();
    await tabTo(/Embedded network/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // Until it has been opened again, the predictions are those of the model before.
    await page.locator('main[aria-busy="false"]').waitFor();
    await tabTo(/^dog/);
    await page.keyboard.press("Enter");
    await studio.heading("Which part of the picture says dog?");
    await tabTo(/Find a layer/);
    await page.keyboard.type("block4_conv1");
    await tabTo(/^block4_conv1/);
    await page.keyboard.press("Space");
    await tabTo(/^Filters/);
    await page.keyboard.press("Enter");
    await studio.heading(/^What the filters of block4_conv1/);
    await tabTo(/^3$/);
    await page.keyboard.press("Enter");
    await page.getByText("block4_conv1 · Channel 3").waitFor();
    await page.getByText("step 60 of 60").waitFor();
  });
});
