import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createImage } from "../../src/image/image.ts";
import { windowOf } from "../../src/image/window.ts";
import { colormap } from "../../src/render/colormap.ts";
import { drawHeatmap, normalizeHeatmap, overlay } from "../../src/render/heatmap.ts";
import { float32 } from "../../src/tensor/tensor.ts";
import { largestDifference, referenceFloats, referenceImage } from "../reference-files.ts";

describe("normalizeHeatmap", () => {
  it.each([
    ["max", [0, 0, 0.5, 1]],
    ["minmax", [0, 1 / 3, 2 / 3, 1]],
    ["signed", [0.25, 0.5, 0.75, 1]],
  ] as const)("%s", (scale, expected) => {
    const { map, blank } = normalizeHeatmap(float32([2, 2], [-2, 0, 2, 4]), scale);
    expect(largestDifference(map.data, expected)).toBeLessThan(1e-7);
    expect(blank).toBe(false);
  });

  it("says that a map is blank, and leaves nothing undefined in it", () => {
    expect(normalizeHeatmap(float32([1, 3], [0, 0, 0]))).toEqual({ map: float32([1, 3], [0, 0, 0]), blank: true });
    expect(normalizeHeatmap(float32([1, 2], [-1, -2]))).toEqual({ map: float32([1, 2], [0, 0]), blank: true });
    expect(normalizeHeatmap(float32([1, 2], [3, 3]), "minmax")).toEqual({ map: float32([1, 2], [0, 0]), blank: true });
    expect(normalizeHeatmap(float32([1, 2], [0, 0]), "signed")).toEqual({ map: float32([1, 2], [0.5, 0.5]), blank: true });
  });

  it("stays within 0..1 whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("max" as const, "minmax" as const, "signed" as const),
        fc.array(fc.float(), { minLength: 6, maxLength: 6 }),
        (scale, values) => {
          const { map } = normalizeHeatmap(float32([2, 3], values), scale);
          expect(map.data.every((x) => x >= 0 && x <= 1)).toBe(true);
        },
      ),
    );
  });
});

describe("overlay", () => {
  const picture = referenceImage("render/picture.npy");
  const { map } = normalizeHeatmap(referenceFloats("render/heatmap.npy"));

  it.each(["stretch", "clip", "mix"] as const)("%s is what NumPy, PyTorch, matplotlib and Keras make of it", (blend) => {
    const expected = referenceImage(`render/overlay-${blend}.npy`);
    expect(largestDifference(overlay(picture, map, { blend }).data, expected.data)).toBeLessThanOrEqual(1);
  });

  it("leaves what the model did not see as it is", () => {
    const window = windowOf(picture, [8, 8], "crop");
    const laid = overlay(picture, float32([1, 1], [1]), { blend: "mix", strength: 1, window });
    const red = [...colormap("jet").subarray(765)];
    for (let x = 0; x < picture.width; x++) {
      const seen = x >= window.x && x < window.x + window.width;
      const at = (5 * picture.width + x) * 3;
      expect([...laid.data.subarray(at, at + 3)], `column ${x}`).toEqual(seen ? red : [...picture.data.subarray(at, at + 3)]);
    }
  });

  it("puts each value where a padded input showed it", () => {
    const wide = createImage(40, 20);
    const rows = float32([4, 1], [0, 0, 1, 0]);
    const laid = overlay(wide, rows, { blend: "mix", strength: 1, resize: "nearest", window: windowOf(wide, [8, 8], "pad") });
    // The window has 40 rows, 10 above the picture: the third quarter begins at the picture's row 10.
    expect([...laid.data.subarray(9 * 120, 9 * 120 + 3)]).toEqual([...colormap("jet").subarray(0, 3)]);
    expect([...laid.data.subarray(10 * 120, 10 * 120 + 3)]).toEqual([...colormap("jet").subarray(765)]);
  });

  it("shows the picture alone at strength 0", () => {
    expect(overlay(picture, map, { strength: 0, blend: "clip" })).toEqual(picture);
  });
});

describe("drawHeatmap", () => {
  it("is of the map's size, or of the size asked for", () => {
    const map = float32([2, 3], [0, 0, 0, 1, 1, 1]);
    expect(drawHeatmap(map)).toMatchObject({ width: 3, height: 2 });
    expect(drawHeatmap(map, { size: [20, 10] })).toMatchObject({ width: 10, height: 20 });
  });
});
