// What leaves the studio: pictures that the printed command draws too, numbers, and a report that needs nothing else.

import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeImage, readNpy } from "../../src/index.ts";
import { noChromium } from "./chromium.ts";
import { type OpenStudio, openStudio } from "./open-studio.ts";

const root = join(import.meta.dirname, "../..");
const inShell = promisify(execFile);

describe.skipIf(noChromium)("what the studio saves", () => {
  let studio: OpenStudio;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "pellucid-saved-"));

  beforeAll(async () => {
    for (const file of ["network/cifar10-vgg.keras", "network/labels.json", "photos/chelsea.png"]) {
      copyFileSync(join(root, "assets", file), join(folder, file.split("/").pop() as string));
    }
    studio = await openStudio();
    page = studio.page;
  });
  afterAll(async () => {
    await studio?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const save = async (name: RegExp): Promise<Buffer> => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return readFileSync(await download.path());
  };
  /** The picture and the numbers of the view, and what the printed command writes, option for option as it is printed. */
  const saveBoth = async (files: { png: RegExp; npy: RegExp }) => {
    await page.getByRole("button", { name: "Save" }).click();
    const command = (await page.locator(".command pre").textContent()) as string;
    const [png, npy] = [await save(/PNG/), await save(/\.npy/)];
    await page.keyboard.press("Escape");
    const program = `pellucid() { "${process.execPath}" "${join(root, "bin/pellucid.js")}" "$@"; }`;
    await inShell("bash", ["-c", `${program}; ${command} --npy --quiet`], { cwd: folder });
    const written = (name: RegExp) => readFileSync(join(folder, "out", readdirSync(join(folder, "out")).find((each) => name.test(each)) as string));
    return { command, png, npy, commandPng: written(files.png), commandNpy: written(files.npy) };
  };
  const colours = async (png: Uint8Array) => {
    const { width, height, data } = await decodeImage(png);
    return { width, height, data };
  };
  /** The largest difference of two lists of equal length. */
  const difference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    expect(a.length).toBe(b.length);
    return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);
  };
  const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    expect(a.length).toBe(b.length);
    return Array.from(a).reduce((sum, x, i) => sum + Math.abs(x - (b[i] as number)), 0) / a.length;
  };
  const numbers = (npy: Uint8Array) => readNpy(npy).data as Float32Array;

  it("the heatmap of a class, in a layer, at a strength", async () => {
    await page.getByRole("button", { name: /^dog/ }).click();
    await studio.selectLayer("block4_conv2");
    await page.getByLabel("Overlay").fill("0.8");
    await page.getByLabel("Explain").selectOption("logit");
    await page.getByRole("img", { name: "Heatmap for dog" }).waitFor();
    const saved = await saveBoth({ png: /^chelsea-cam-dog\.png$/, npy: /^chelsea-cam-dog-heatmap\.npy$/ });
    expect(saved.command).toBe(
      "pellucid cam cifar10-vgg.keras chelsea.png --target dog --layer block4_conv2 --score logit --colormap viridis --blend mix --strength 0.8 --labels labels.json",
    );
    const [own, printed] = [await colours(saved.png), await colours(saved.commandPng)];
    expect(own).toMatchObject({ width: 451, height: 300 });
    expect(difference(own.data, printed.data)).toBeLessThanOrEqual(1);
    expect(difference(numbers(saved.npy), numbers(saved.commandNpy))).toBeLessThan(1e-4);
  });

  it("the activations of a layer", async () => {
    await studio.view("Activations");
    await page.locator(".channel").first().waitFor();
    const saved = await saveBoth({ png: /^chelsea-block4_conv2\.png$/, npy: /^chelsea-block4_conv2\.npy$/ });
    const [own, printed] = [await colours(saved.png), await colours(saved.commandPng)];
    expect([own.width, own.height]).toEqual([printed.width, printed.height]);
    expect(difference(own.data, printed.data)).toBeLessThanOrEqual(2);
    expect(readNpy(saved.npy).shape).toEqual([1, 8, 8, 160]);
    expect(difference(numbers(saved.npy), numbers(saved.commandNpy))).toBeLessThan(1e-4);
  });

  it("the patterns of filters, with their steps and seed", async () => {
    await studio.view("Filters");
    await page.getByLabel("Steps").and(page.locator("input")).fill("12");
    await page.getByLabel("Seed").fill("3");
    for (const channel of [4, 5, 9]) {
      await page.getByRole("button", { name: `Channel ${channel}`, exact: true }).click();
      await page
        .getByRole("region", { name: "Gallery" })
        .getByRole("img", { name: `Pattern of channel ${channel} ` })
        .waitFor();
    }
    const saved = await saveBoth({ png: /filters\.png$/, npy: /filters\.npy$/ });
    expect(saved.command).toContain("--filter 4-5,9 --steps 12 --step-size 1 --seed 3");
    const [own, printed] = [await colours(saved.png), await colours(saved.commandPng)];
    expect([own.width, own.height]).toEqual([printed.width, printed.height]);
    // Twelve steps make more of the last bits in which the browser's kernels and the native ones differ: the patterns are the same by eye.
    expect(meanDifference(own.data, printed.data)).toBeLessThan(1);
    expect(meanDifference(numbers(saved.npy), numbers(saved.commandNpy))).toBeLessThan(1);
    expect(readNpy(saved.npy).shape).toEqual([3, 64, 64, 3]);
  });

  it("two classes side by side", async () => {
    await studio.view("Evidence");
    await page.getByLabel("Compare with").selectOption("frog");
    await page.getByRole("img", { name: "Heatmap for frog" }).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    expect(await page.locator(".command pre").textContent()).toContain("--target dog --target frog");
    expect(await decodeImage(await save(/PNG/))).toMatchObject({ width: 2 * 451 + 3 * 8, height: 300 + 2 * 8 });
    await page.keyboard.press("Escape");
  });

  it("a report that opens without a network, in one file", async () => {
    await page.getByRole("button", { name: "Save" }).click();
    const file = join(folder, "report.html");
    writeFileSync(file, await save(/Report/));
    await page.keyboard.press("Escape");
    const report = await studio.context.newPage();
    const asked: string[] = [];
    report.on("request", (request) => asked.push(request.url().slice(0, 40)));
    await studio.context.setOffline(true);
    await report.goto(`file://${file}`);
    expect(await report.getByRole("heading", { level: 1 }).textContent()).toBe("cat");
    const images = await report.locator("img").evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth > 0));
    expect(images).toEqual([true, true, true, true, true]);
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${file}`.slice(0, 40)]);
    await studio.context.setOffline(false);
    await report.close();
  });

  it("the graph of the layers, on a small screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.tabs-foot [data-view="graph"]').click();
    await page.getByRole("button", { name: "Save" }).click();
    expect(await page.locator(".command pre").textContent()).toMatch(/^pellucid summary cifar10-vgg.keras/);
    expect((await decodeImage(await save(/PNG/))).height).toBeGreaterThan(1000);
    await page.keyboard.press("Escape");
  });

  it("had no error on its console, and asked nobody for anything", () => {
    expect([studio.troubles, studio.elsewhere.filter((url) => !url.startsWith("file:"))]).toEqual([[], []]);
  });
});
