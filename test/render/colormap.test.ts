import { describe, expect, it } from "vitest";
import { colorize, colormap, colormapNames } from "../../src/render/colormap.ts";
import { float32 } from "../../src/tensor/tensor.ts";
import { largestDifference, referenceTensor } from "../reference-files.ts";

const matplotlib = referenceTensor("render/colormaps.npy").data as Uint8Array;
const order = ["viridis", "magma", "inferno", "turbo", "jet", "RdBu_r", "grey"] as const;

describe("colormap", () => {
  it("has a reference for every map", () => {
    expect([...order].sort()).toEqual([...colormapNames].sort());
  });

  it.each(order)("%s is matplotlib's within 1", (name) => {
    const at = order.indexOf(name) * 768;
    expect(largestDifference(colormap(name), matplotlib.subarray(at, at + 768))).toBeLessThanOrEqual(1);
  });
});

describe("colorize", () => {
  it("spreads 0..1 over the entries, cuts what is outside and draws NaN black", () => {
    const image = colorize(float32([1, 6], [0, 0.5, 1, -3, 9, Number.NaN]), "viridis");
    const entry = (i: number) => [...colormap("viridis").subarray(3 * i, 3 * i + 3)];
    expect([...image.data]).toEqual([...entry(0), ...entry(128), ...entry(255), ...entry(0), ...entry(255), 0, 0, 0]);
  });
});
