// What goes wrong is said, and nothing is lost: broken files in the middle of work, strange models, work that is stopped.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noChromium } from "./chromium.ts";
import { detector, twoInputs, vectorModel } from "./made-models.ts";
import { type OpenStudio, openStudio } from "./open-studio.ts";

describe.skipIf(noChromium)("the studio, when things go wrong", () => {
  let studio: OpenStudio;
  let page: Page;

  beforeAll(async () => {
    studio = await openStudio();
    page = studio.page;
  });
  afterAll(() => studio?.close());

  const steps = () => page.getByLabel("Steps").and(page.locator("input"));
  const alert = (code: string) => page.getByRole("alert").getByText(code).waitFor();
  const dismiss = () => page.getByRole("button", { name: "Dismiss" }).click();
  const step = async () => Number((await page.locator(".live-numbers").textContent())?.match(/step (\d+)/)?.[1]);

  it("goes on with a filter while a broken model and a broken picture are refused", async () => {
    await studio.view("Filters");
    await steps().fill("1000");
    await page.locator(".cell").first().click();
    await expect.poll(step).toBeGreaterThan(3);
    await studio.drop({ name: "broken.onnx", bytes: Uint8Array.of(8, 8, 58, 255, 255, 3) });
    await alert("BAD_MODEL");
    await dismiss();
    await studio.drop({ name: "broken.png", bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0) });
    await alert("BAD_IMAGE");
    await dismiss();
    const before = await step();
    await expect.poll(step).toBeGreaterThan(before);
    expect(await page.locator(".model-name").textContent()).toBe("cifar10-vgg.keras");
  });

  it("keeps the filter where another layer is chosen meanwhile, and the other views answer", async () => {
    await studio.selectLayer("block2_conv1");
    await studio.heading(/^What the filters of block2_conv1/);
    const before = await step();
    await expect.poll(step).toBeGreaterThan(before);
    await studio.view("Activations");
    await page.locator(".channel").first().waitFor();
    await studio.view("Evidence");
    await page.getByRole("img", { name: "Heatmap for cat" }).waitFor();
    await studio.view("Filters");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
  });

  it("runs a whole layer with progress, and stops it", async () => {
    await page.getByRole("button", { name: "Run whole layer" }).click();
    const work = page.locator(".work-item");
    await expect.poll(() => work.getByRole("progressbar").getAttribute("value").then(Number)).toBeGreaterThan(0);
    await work.getByRole("button").click();
    await work.waitFor({ state: "detached" });
    expect(await page.getByRole("alert").count()).toBe(0);
    await steps().fill("20");
  });

  it("stops what does not listen by ending its worker; the next one has the same model and picture", async () => {
    await studio.view("Activations");
    await page.locator(".channel").first().waitFor();
    // Keeps the worker busy, as a run of a large network would, for longer than anyone waits.
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        for (const end = Date.now() + 60_000; Date.now() < end; );
      });
    });
    await studio.selectLayer("block4_conv2");
    await page.getByRole("button", { name: "Stop: Computing the activations" }).click();
    await page.getByText("Stopped.").first().waitFor();
    await page.getByRole("button", { name: "Run again" }).last().click();
    await studio.heading(/^What block4_conv2 answers/);
    await page.locator(".channel").nth(159).waitFor();
    expect(await page.locator(".prediction .label").first().textContent()).toBe("cat");
  });

  describe("with strange models", () => {
    beforeEach(async () => {
      if (await page.getByRole("button", { name: "Dismiss" }).count()) await dismiss();
    });
    const scaled = async () => {
      await page.getByText("This model does not say how pixels become its input.").waitFor();
      await page.getByRole("button", { name: /^unit/ }).click();
    };

    it("says what a model with two inputs lacks", async () => {
      await studio.drop({ name: "two-inputs.onnx", bytes: twoInputs() });
      await scaled();
      await page.getByRole("alert").getByText('"b" was not given').waitFor();
    });

    it("says that a model of vectors takes no pictures", async () => {
      await studio.drop({ name: "vector.onnx", bytes: vectorModel() });
      await page.getByRole("alert").getByText("takes no pictures").waitFor();
    });

    it("shows the maps and filters of a detector that names no classes", async () => {
      await studio.drop({ name: "detector.onnx", bytes: detector() });
      await scaled();
      await studio.view("Activations");
      await page.locator(".channel").first().waitFor();
      await studio.view("Filters");
      await page.locator(".cell").first().click();
      await page.getByText("step 20 of 20").waitFor();
    });

    it("comes back to the embedded network", async () => {
      await page.getByRole("button", { name: /^Open model/ }).click();
      await page.getByRole("button", { name: "Embedded network" }).click();
      await page.locator(".prediction", { hasText: "cat" }).waitFor();
    });
  });

  it("takes large and unusual photos", async () => {
    for (const file of ["color0-16bit.png", "color6-8bit.png", "color4-16bit.png", "cmyk.jpg"]) {
      await studio.drop(`test/reference/pictures/${file}`);
      await page.getByRole("img", { name: `The picture: ${file}` }).waitFor();
      await page.locator(".prediction").first().waitFor();
    }
    const photo = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(4000, 3000);
      const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
      for (let i = 0; i < 60; i++) {
        context.fillStyle = `hsl(${i * 37} 70% 50%)`;
        context.fillRect((i * 613) % 4000, (i * 389) % 3000, 900, 700);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
      return Array.from(bytes, (x) => String.fromCharCode(x)).join("");
    });
    await studio.drop({ name: "large.jpg", bytes: Uint8Array.from(photo, (c) => c.charCodeAt(0)) });
    await page.getByRole("img", { name: "The picture: large.jpg" }).waitFor();
    await page.locator(".prediction").first().waitFor();
    expect(await page.locator(".picture-frame canvas").getAttribute("width")).toBe("1024");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("says that there is no camera", async () => {
    await page.getByRole("button", { name: "Camera" }).click();
    await page.getByText("The camera cannot be used.").waitFor();
    await page.keyboard.press("Escape");
  });

  it("had no error on its console", () => expect(studio.troubles).toEqual([]));
});
