import { describe, expect, it } from "vitest";
import { type Color, createImage, type Image } from "../../src/image/image.ts";
import { drawChannel } from "../../src/render/channel.ts";
import { channelGrid } from "../../src/render/channel-grid.ts";
import { filterGrid, grid } from "../../src/render/grid.ts";
import { drawText, fitText, textWidth } from "../../src/render/text.ts";
import { float32, itemAt } from "../../src/tensor/tensor.ts";

function pixel({ width, data }: Image, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

const red: Color = [255, 0, 0];
const green: Color = [0, 255, 0];
const blue: Color = [0, 0, 255];
const white = [255, 255, 255];

describe("grid", () => {
  it("places pictures in rows, with margins between and around", () => {
    const sheet = grid(
      [red, green, blue].map((color) => createImage(4, 3, color)),
      { columns: 2, margin: 1 },
    );
    expect([sheet.width, sheet.height]).toEqual([1 + 2 * 5, 1 + 2 * 4]);
    expect([pixel(sheet, 1, 1), pixel(sheet, 4, 3), pixel(sheet, 6, 1), pixel(sheet, 1, 5)]).toEqual([red, red, green, blue]);
    expect([pixel(sheet, 0, 0), pixel(sheet, 5, 1), pixel(sheet, 1, 4), pixel(sheet, 6, 5), pixel(sheet, 10, 8)]).toEqual([white, white, white, white, white]);
  });

  it("is no wider than its pictures, and may be empty", () => {
    expect(grid([createImage(4, 4)], { margin: 0 })).toEqual(createImage(4, 4));
    expect(grid([], { margin: 3 })).toMatchObject({ height: 3 });
  });

  it("makes room for a title and for labels, and leaves the pictures whole", () => {
    const cells = [createImage(20, 20, red), createImage(20, 20, green)];
    const plain = grid(cells, { margin: 2 });
    const labelled = grid(cells, { margin: 2, title: "fire2", labels: ["0", "1"] });
    expect(labelled.width).toBe(plain.width);
    expect(labelled.height).toBeGreaterThan(plain.height);
    const tail = labelled.data.subarray(labelled.data.length - 22 * plain.width * 3);
    expect([...tail]).toEqual([...plain.data.subarray(2 * plain.width * 3)]);
  });
});

describe("filterGrid", () => {
  it("is 8 in a row, 5 pixels apart, on black", () => {
    const sheet = filterGrid(Array.from({ length: 9 }, () => createImage(10, 10, red)));
    expect([sheet.width, sheet.height]).toEqual([5 + 8 * 15, 5 + 2 * 15]);
    expect([pixel(sheet, 0, 0), pixel(sheet, 5, 5), pixel(sheet, 15, 5), pixel(sheet, 20, 5)]).toEqual([[0, 0, 0], red, [0, 0, 0], red]);
  });
});

describe("channelGrid", () => {
  const layer = float32(
    [18, 3, 2],
    Array.from({ length: 108 }, (_, i) => Math.sin(i)),
  );

  it("shows every channel, 16 in a row, enlarged by whole pixels", () => {
    const sheet = channelGrid(layer, { cell: 10, margin: 1, numbers: false });
    expect([sheet.width, sheet.height]).toEqual([1 + 16 * 7, 1 + 2 * 10]);
    for (let c = 0; c < 18; c++) {
      const channel = drawChannel(itemAt(layer, c));
      const [left, top] = [1 + (c % 16) * 7, 1 + Math.floor(c / 16) * 10];
      for (let y = 0; y < 9; y++) {
        for (let x = 0; x < 6; x++) expect(pixel(sheet, left + x, top + y)).toEqual(pixel(channel, Math.floor(x / 3), Math.floor(y / 3)));
      }
    }
  });

  it("numbers the channels", () => {
    const plain = channelGrid(layer, { numbers: false });
    expect(channelGrid(layer).height).toBe(plain.height + 2 * 11);
  });

  it("draws a layer without positions as squares", () => {
    const sheet = channelGrid(
      float32(
        [20],
        Array.from({ length: 20 }, (_, i) => i),
      ),
      { margin: 0, scaling: "minmax" },
    );
    expect([sheet.width, sheet.height]).toEqual([256, 32]);
    expect(pixel(sheet, 4 * 16, 16)).toEqual([0, 0, 0]);
  });

  it("refuses other shapes", () => {
    expect(() => channelGrid(float32([1, 2], [1, 2]))).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("drawText", () => {
  it("writes glyphs of the font, at any scale", () => {
    const image = createImage(3, 9);
    drawText(image, "1", 0, 0, red);
    const rows = Array.from({ length: 9 }, (_, y) => [0, 1, 2].map((x) => (pixel(image, x, y)[0] ? "#" : ".")).join(""));
    expect(rows).toEqual([".#.", "##.", ".#.", ".#.", ".#.", ".#.", "###", "...", "..."]);
    const large = createImage(6, 18);
    drawText(large, "1", 0, 0, red, 2);
    expect([pixel(large, 2, 0), pixel(large, 3, 1), pixel(large, 1, 1)]).toEqual([red, red, [0, 0, 0]]);
  });

  it("is cut at the picture's edges", () => {
    const image = createImage(4, 4, [9, 9, 9]);
    drawText(image, "MMMM", -3, -3, red, 2);
    expect(image.data).toHaveLength(48);
  });

  it("is shortened to fit", () => {
    expect(fitText("conv", 100)).toBe("conv");
    const short = fitText("block3_conv1", 40);
    expect(short).toMatch(/^block.*…$/);
    expect(textWidth(short)).toBeLessThanOrEqual(40);
    expect(fitText("conv", 2)).toBe("");
  });
});
