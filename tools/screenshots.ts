// Writes the studio's screenshots into docs/images/studio: every view, wide, light and in English, and narrow, dark and in
// Korean. Needs Chromium, a Korean font and a build (npm run build). Another folder, as an argument, gets all combinations.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serveFolder } from "../src/cli/serve-folder.ts";
import { openChromium } from "../test/studio/chromium.ts";
import { withPalette } from "./screenshots/palette.ts";

const root = join(import.meta.dirname, "..");
const folder = process.argv[2] ?? join(root, "docs/images/studio");

const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 844 };

interface Look {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly theme: "light" | "dark";
  readonly language: "en" | "ko";
}

const shown: readonly Look[] = [
  { name: "wide", viewport: wide, theme: "light", language: "en" },
  { name: "narrow", viewport: narrow, theme: "dark", language: "ko" },
];

const others: readonly Look[] = [
  { name: "wide-dark", viewport: wide, theme: "dark", language: "en" },
  { name: "wide-ko", viewport: wide, theme: "light", language: "ko" },
  { name: "narrow-light", viewport: narrow, theme: "light", language: "en" },
];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const server = await serveFolder(join(root, "dist/studio"));
const { context, close } = await openChromium();
const page = context.pages()[0] ?? (await context.newPage());
await page.goto(server.url);
await page.locator(".answering li").first().waitFor();
await prepare();
for (const look of process.argv[2] ? [...shown, ...others] : shown) await shoot(look);
await close();
await server.close();

/** Fills the gallery, so that there is something to show. */
async function prepare(): Promise<void> {
  await page.locator(".box", { hasText: "block3_conv1" }).click();
  await view("filters", "head");
  await page.getByRole("button", { name: "Run whole layer" }).click();
  await page.locator(".shelf figure").nth(95).waitFor({ timeout: 300_000 });
  await page.locator(".cell").nth(29).click();
  await page.getByText("step 60 of 60").waitFor();
  await page.getByRole("img", { name: "In this picture" }).waitFor();
}

async function shoot({ name, viewport, theme, language }: Look): Promise<void> {
  await page.setViewportSize(viewport);
  await page.locator(".preferences select").nth(0).selectOption(language);
  await page.locator(".preferences select").nth(1).selectOption(theme);
  const place = viewport === wide ? "head" : "foot";
  await show("block5_conv1");
  await view("heatmaps", place);
  await page.locator(".answering li").first().waitFor();
  await save(`${name}-evidence`);
  await show("block2_conv1");
  await view("activations", place);
  await page.locator(".chart svg").waitFor();
  await page.getByRole("button", { name: /(Channel|채널) 5$/ }).hover();
  await save(`${name}-activations`);
  await show("block3_conv1");
  await view("filters", place);
  await save(`${name}-filters`);
  if (place === "foot") {
    await view("graph", place);
    await page.locator(".graph .box").first().waitFor();
    await save(`${name}-layers`);
  }
}

/** Selects a layer; on narrow screens the graph is a view of its own. */
async function show(layer: string): Promise<void> {
  const foot = page.locator('.tabs-foot [data-view="graph"]');
  if (await foot.isVisible()) await foot.click();
  await page.locator(".box", { hasText: layer }).click();
}

async function view(name: string, place: "head" | "foot"): Promise<void> {
  await page.locator(`.tabs-${place} [data-view="${name}"]`).click();
}

async function save(name: string): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(700);
  writeFileSync(join(folder, `${name}.png`), withPalette(await page.screenshot()));
}
