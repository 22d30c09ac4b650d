// Every way in which a picture or a model comes into the studio, in a real browser.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FolderServer, serveFolder } from "../../src/cli/serve-folder.ts";
import { decodeImage, float32, openModel, predict, prepareImage, writeNpy } from "../../src/index.ts";
import { toBase64 } from "./base64.ts";
import { noChromium } from "./chromium.ts";
import { tfjsFiles } from "./made-models.ts";
import { type OpenStudio, openStudio } from "./open-studio.ts";

const root = join(import.meta.dirname, "../..");
const network = join(root, "assets/network/cifar10-vgg.keras");
const fakeCamera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

describe.skipIf(noChromium)("pictures and models come in", () => {
  let studio: OpenStudio;
  let page: Page;
  let other: FolderServer;

  beforeAll(async () => {
    studio = await openStudio({ args: fakeCamera });
    page = studio.page;
    other = await serveFolder(join(root, "assets/network"));
  });
  afterAll(async () => {
    await studio?.close();
    await other?.close();
  });

  const picture = (name: string) => page.getByRole("img", { name: `The picture: ${name}` }).waitFor();
  const best = () => page.locator(".prediction").first().textContent();
  const openAddress = async (url: string) => {
    await page.getByRole("button", { name: /^Open model/ }).click();
    await page.getByLabel("Address of a model").fill(url);
    await page.getByRole("button", { name: "Open", exact: true }).click();
  };

  it("a photo by the file button", async () => {
    await page.locator('.sources input[type="file"]').setInputFiles(join(root, "test/reference/pictures/420.jpg"));
    await picture("420.jpg");
    await page.locator(".prediction").first().waitFor();
  });

  it("a photo from the camera, whose light goes out", async () => {
    await page.getByRole("button", { name: "Camera" }).click();
    await page.getByRole("button", { name: "Take photo" }).and(page.locator(":enabled")).waitFor();
    const track = await page.locator("video").evaluateHandle((video: HTMLVideoElement) => (video.srcObject as MediaStream).getTracks()[0]);
    await page.getByRole("button", { name: "Take photo" }).click();
    await picture("camera.png");
    expect(await track.evaluate((each) => each?.readyState)).toBe("ended");
    await page.locator(".prediction").first().waitFor();
    expect(await page.locator(".picture-frame canvas").evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBeGreaterThan(300);
  });

  it("a picture that is pasted", async () => {
    await studio.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate(
      async (text) => {
        const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
      },
      toBase64(readFileSync(join(root, "assets/photos/chelsea.png"))),
    );
    await page.keyboard.press("Control+V");
    await picture("image.png");
    await expect.poll(best).toMatch(/^cat9\d%/);
  });

  it("an input tensor, which gives the numbers of Node", async () => {
    const labels = readFileSync(join(root, "assets/network/labels.json"), "utf8");
    const model = await openModel(network, { labels });
    const values = Float32Array.from({ length: 64 * 64 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 50));
    const input = float32([64, 64, 3], values);
    const [expected] = (await predict(model, float32([1, 64, 64, 3], values)))[0] ?? [];
    await model.dispose();
    await studio.drop({ name: "input.npy", bytes: writeNpy(input) });
    await picture("input.npy");
    await expect.poll(best).toContain(expected?.label as string);
    expect(await best()).toContain(`${Math.round(100 * (expected?.score ?? 0))}%`);
    await page.getByRole("img", { name: /^Heatmap for/ }).waitFor();
  });

  it("refuses a tensor of another size, and keeps the picture", async () => {
    await studio.drop({ name: "small.npy", bytes: writeNpy(float32([7, 7, 3], new Float32Array(147))) });
    await page.getByRole("alert").getByText("SHAPE_MISMATCH").waitFor();
    await picture("input.npy");
    await page.getByRole("button", { name: "Dismiss" }).click();
  });

  it("a TensorFlow.js model of three files, which gives the numbers of Node", async () => {
    const files = tfjsFiles();
    const model = await openModel(
      files.map(({ name, bytes }) => new File([new Uint8Array(bytes)], name)),
      { preprocess: "unit" },
    );
    const [expected] =
      (await predict(model, await prepareImage(model, await decodeImage(readFileSync(join(root, "test/reference/pictures/420.jpg"))))))[0] ?? [];
    await model.dispose();
    await studio.drop("test/reference/pictures/420.jpg");
    await picture("420.jpg");
    await studio.drop(...files);
    await page.getByText("This model does not say how pixels become its input.").waitFor();
    expect(await page.locator(".model-name").textContent()).toBe("model.json");
    await page.getByRole("button", { name: /^unit/ }).click();
    await expect.poll(best).toContain(expected?.label as string);
    expect(await best()).toContain(`${Math.round(100 * (expected?.score ?? 0))}%`);
    await studio.view("Filters");
    await page.locator(".cell").nth(5).waitFor();
    await studio.view("Evidence");
  });

  it("says which file of a model is missing", async () => {
    await studio.drop(...tfjsFiles().slice(0, 2));
    await page.getByRole("alert").getByText("group1-shard2of2.bin").waitFor();
    expect(await page.locator(".model-name").textContent()).toBe("model.json");
    await page.getByRole("button", { name: "Dismiss" }).click();
  });

  it("a model by its address", async () => {
    await openAddress(`${studio.url}embedded/cifar10-vgg.keras`);
    await page.getByText("cifar10-vgg.keras", { exact: true }).waitFor();
    await page
      .locator(".prediction", { hasText: /class \d/ })
      .first()
      .waitFor();
  });

  it("says that an address leads nowhere", async () => {
    await openAddress(`${studio.url}embedded/nothing.keras`);
    await page.getByRole("alert").getByText("MISSING_FILE").waitFor();
    expect(await page.locator(".model-name").textContent()).toBe("cifar10-vgg.keras");
    await page.getByRole("button", { name: "Dismiss" }).click();
  });

  it("says that another host does not allow it", async () => {
    await openAddress(`${other.url}cifar10-vgg.keras`);
    await page.getByRole("alert").getByText("CORS").waitFor();
    await page.locator(".prediction").first().waitFor();
  });

  it("asked no other host but the one that was named", () => {
    expect(new Set(studio.elsewhere)).toEqual(new Set([`${other.url}cifar10-vgg.keras`]));
  });
});
