import { describe, expect, it } from "vitest";
import { channelLevels, drawChannel } from "../../src/render/channel.ts";
import { itemAt } from "../../src/tensor/tensor.ts";
import { referenceFloats, referenceImage } from "../reference-files.ts";

const layer = referenceFloats("render/layer.npy");
const levels = referenceFloats("render/layer-levels.npy");

describe("channelLevels", () => {
  it.each([0, 1, 2, 3, 4])("scales channel %i as the chapter does", (c) => {
    expect(channelLevels(itemAt(layer, c).data)).toEqual(itemAt(levels, c).data);
  });

  it("scales from the smallest to the largest value on demand", () => {
    expect(channelLevels(itemAt(layer, 1).data, "minmax")).toEqual(referenceFloats("render/layer-minmax.npy").data);
  });

  it.each(["standard", "minmax"] as const)("draws silence as 0 and other constants as 128 (%s)", (scaling) => {
    expect([...channelLevels(new Float32Array(4), scaling)]).toEqual([0, 0, 0, 0]);
    expect([...channelLevels(new Float32Array(4).fill(0.1), scaling)]).toEqual([128, 128, 128, 128]);
  });

  it("leaves values that are not finite out of the statistics", () => {
    expect([...channelLevels(Float32Array.of(0, Number.NaN, 2, Number.POSITIVE_INFINITY), "minmax")]).toEqual([0, Number.NaN, 255, 255]);
  });
});

describe("drawChannel", () => {
  it("colours a channel with viridis", () => {
    const image = drawChannel(itemAt(layer, 0));
    const expected = referenceImage("render/layer-viridis.npy");
    expect(image).toEqual(expected);
  });
});
