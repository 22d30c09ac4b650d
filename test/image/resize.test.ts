import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createImage } from "../../src/image/image.ts";
import { mapResizes, resizeFilters, resizeImage, resizeMap } from "../../src/image/resize.ts";
import { float32 } from "../../src/tensor/tensor.ts";
import { largestDifference, referenceFloats, referenceImage, referenceJson } from "../reference-files.ts";

const manifest = referenceJson<{ sizes: [number, number][]; mapSizes: [number, number][] }>("pictures/manifest.json");

const sizes = fc.integer({ min: 1, max: 40 });

describe("resizeImage", () => {
  const scene = referenceImage("pictures/scene.npy");

  describe.each(["antialias", "bicubic", "nearest"] as const)("%s", (filter) => {
    it.each(manifest.sizes)("is Pillow's at %i×%i, bit for bit", (height, width) => {
      expect(resizeImage(scene, height, width, filter)).toEqual(referenceImage(`pictures/${filter}-${height}x${width}.npy`));
    });
  });

  it.each(manifest.sizes)("bilinear is PyTorch's at %i×%i, rounded", (height, width) => {
    const exact = referenceFloats(`pictures/bilinear-${height}x${width}.npy`);
    expect(largestDifference(resizeImage(scene, height, width, "bilinear").data, exact.data)).toBeLessThanOrEqual(0.501);
  });

  it("keeps a plain colour plain", () => {
    fc.assert(
      fc.property(fc.constantFrom(...resizeFilters), sizes, sizes, sizes, sizes, fc.nat(255), (filter, h, w, height, width, value) => {
        const plain = resizeImage(createImage(w, h, [value, 255 - value, 7]), height, width, filter);
        expect(plain).toEqual(createImage(width, height, [value, 255 - value, 7]));
      }),
    );
  });

  it("refuses a size of nothing", () => {
    expect(() => resizeImage(scene, 0, 4)).toThrow(/4×0/);
  });
});

describe("resizeMap", () => {
  const map = referenceFloats("pictures/map.npy");

  describe.each(mapResizes)("%s", (mode) => {
    it.each(manifest.mapSizes)("is the library's at %i×%i", (height, width) => {
      const resized = resizeMap(map, height, width, mode);
      expect(resized.shape).toEqual([height, width]);
      expect(largestDifference(resized.data, referenceFloats(`pictures/map-${mode}-${height}x${width}.npy`).data)).toBeLessThan(3e-6);
    });
  });

  it("stays within the map's range, but for bicubic", () => {
    const modes = mapResizes.filter((mode) => mode !== "bicubic");
    fc.assert(
      fc.property(
        fc.constantFrom(...modes),
        sizes,
        sizes,
        fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: 12, maxLength: 12 }),
        (mode, h, w, values) => {
          const resized = resizeMap(float32([3, 4], values), h, w, mode);
          expect(Math.min(...resized.data)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-5);
          expect(Math.max(...resized.data)).toBeLessThanOrEqual(Math.max(...values) + 1e-5);
        },
      ),
    );
  });
});
