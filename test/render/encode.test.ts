import fc from "fast-check";
import { decode as decodeWithFastPng } from "fast-png";
import { afterEach, describe, expect, it } from "vitest";
import { decodeImage } from "../../src/image/decode.ts";
import { createImage, type Image } from "../../src/image/image.ts";
import { colorize } from "../../src/render/colormap.ts";
import { encodeJpeg, encodePng } from "../../src/render/encode.ts";
import { float32 } from "../../src/tensor/tensor.ts";
import { largestDifference, referenceImage } from "../reference-files.ts";

const nodeBuffer = globalThis.Buffer;

describe("encodePng", () => {
  const pictures = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([width, height]) => {
    const length = width * height * 3;
    const kinds = fc.oneof(
      fc.uint8Array({ minLength: length, maxLength: length }),
      fc.nat(255).map((v) => new Uint8Array(length).fill(v)),
    );
    return kinds.map((data): Image => ({ width, height, data }));
  });

  it("loses nothing", async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (image) => {
        expect(await decodeImage(encodePng(image))).toEqual(image);
      }),
    );
  });

  it.each([
    ["grey where all is grey", createImage(5, 4, [7, 7, 7]), 1, false],
    [
      "a palette for up to 256 colours",
      colorize(
        float32(
          [1, 256],
          Array.from({ length: 256 }, (_, i) => i / 256),
        ),
        "viridis",
      ),
      1,
      true,
    ],
    ["full colour beyond", referenceImage("pictures/scene.npy"), 3, false],
  ])("uses %s", async (_, image, channels, palette) => {
    const png = decodeWithFastPng(encodePng(image));
    expect({ width: png.width, height: png.height, channels: png.channels, palette: png.palette !== undefined }).toEqual({
      width: image.width,
      height: image.height,
      channels,
      palette,
    });
    expect(await decodeImage(encodePng(image))).toEqual(image);
  });
});

describe("encodeJpeg", () => {
  const smooth: Image = { width: 32, height: 24, data: Uint8Array.from({ length: 32 * 24 * 3 }, (_, i) => (Math.floor(i / 3) % 32) * 6 + (i % 3) * 20) };

  afterEach(() => {
    globalThis.Buffer = nodeBuffer;
  });

  it("is near the picture, and nearer at higher quality", async () => {
    const at = async (quality?: number) => largestDifference((await decodeImage(encodeJpeg(smooth, quality))).data, smooth.data);
    expect(await at()).toBeLessThan(12);
    expect(await at(100)).toBeLessThanOrEqual(3);
    expect(await at(5)).toBeGreaterThan(await at(100));
  });

  it("works without Node's Buffer, as browsers are, and leaves no trace of it", () => {
    const expected = encodeJpeg(smooth);
    const scope = globalThis as { Buffer?: unknown };
    delete scope.Buffer;
    const encoded = encodeJpeg(smooth);
    const left = "Buffer" in scope;
    globalThis.Buffer = nodeBuffer;
    expect(encoded).toEqual(expected);
    expect(left).toBe(false);
  });
});
