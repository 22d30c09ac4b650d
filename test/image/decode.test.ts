import { describe, expect, it } from "vitest";
import { decodeImage } from "../../src/image/decode.ts";
import { largestDifference, referenceBytes, referenceJson, referenceTensor } from "../reference-files.ts";

const manifest = referenceJson<{ png: string[]; jpeg: string[]; orientation: string[] }>("pictures/manifest.json");

async function compare(file: string): Promise<number> {
  const image = await decodeImage(referenceBytes(`pictures/${file}`), file);
  const expected = referenceTensor(`pictures/${file}.npy`);
  expect([image.height, image.width, 3]).toEqual(expected.shape);
  return largestDifference(image.data, expected.data as Uint8Array);
}

describe("decodeImage", () => {
  it.each(manifest.png)("decodes %s exactly", async (file) => {
    expect(await compare(file)).toBe(0);
  });

  // The rest is how the inverse cosine transform is rounded.
  it.each(manifest.jpeg)("decodes %s as Pillow, within 3 levels", async (file) => {
    expect(await compare(file)).toBeLessThanOrEqual(3);
  });

  it.each(manifest.orientation)("turns %s upright", async (file) => {
    expect(await compare(file)).toBeLessThanOrEqual(file.endsWith("png") ? 0 : 3);
  });

  it.each([
    ["refused.gif", "GIF"],
    ["refused.webp", "WebP"],
    ["refused.bmp", "BMP"],
    ["refused.tiff", "TIFF"],
    ["refused.avif", "AVIF"],
  ])("refuses %s by name", async (file, format) => {
    await expect(decodeImage(referenceBytes(`pictures/${file}`), file)).rejects.toMatchObject({
      code: "BAD_IMAGE",
      message: `${file} is a ${format} file; PNG and JPEG are read.`,
      hint: expect.stringMatching(/PNG or JPEG/),
    });
  });

  it.each([
    ["", /^x is empty/],
    ["hello, world", /no image format/],
    ["<!DOCTYPE html><title>404</title>", /HTML/],
    ["\0\0\0\x18ftypheic\0\0\0\0", /HEIC/],
    ["\x93NUMPY\x01\0", /NumPy/],
  ])("says what %j is", async (text, message) => {
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    await expect(decodeImage(bytes, "x")).rejects.toMatchObject({ code: "BAD_IMAGE", message: expect.stringMatching(message), hint: expect.any(String) });
  });
});
