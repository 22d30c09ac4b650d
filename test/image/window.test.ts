import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { windowOf } from "../../src/image/window.ts";

const sides = fc.integer({ min: 1, max: 5000 });

describe("windowOf", () => {
  it("is the whole picture for squash", () => {
    expect(windowOf({ width: 640, height: 480 }, [224, 224], "squash")).toEqual({ x: 0, y: 0, width: 640, height: 480 });
  });

  it("is the centre for crop, and reaches beyond the picture for pad", () => {
    expect(windowOf({ width: 640, height: 480 }, [224, 224], "crop")).toEqual({ x: 80, y: 0, width: 480, height: 480 });
    expect(windowOf({ width: 640, height: 480 }, [224, 224], "pad")).toEqual({ x: 0, y: -80, width: 640, height: 640 });
  });

  it("lies within the picture for crop, around it for pad, with the input's aspect but for a pixel", () => {
    fc.assert(
      fc.property(sides, sides, sides, sides, (width, height, h, w) => {
        const crop = windowOf({ width, height }, [h, w], "crop");
        expect(crop.x >= 0 && crop.y >= 0 && crop.x + crop.width <= width && crop.y + crop.height <= height).toBe(true);
        const pad = windowOf({ width, height }, [h, w], "pad");
        expect(pad.x <= 0 && pad.y <= 0 && pad.x + pad.width >= width && pad.y + pad.height >= height).toBe(true);
        for (const window of [crop, pad]) {
          const fits = Math.abs(window.width - (window.height * w) / h) < 1 || Math.abs(window.height - (window.width * h) / w) < 1;
          expect(fits || window.width === 1 || window.height === 1, JSON.stringify(window)).toBe(true);
        }
      }),
    );
  });
});
