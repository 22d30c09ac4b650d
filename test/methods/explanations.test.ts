// The table of explanations: every method on every kind of network.

import { describe, expect, it } from "vitest";
import { explanations, gradCam } from "../../src/index.ts";
import { openNetwork, readInput } from "./networks.ts";

describe.each(Object.entries(explanations))("%s", (_, { title, perLayer, explain }) => {
  it("has a title", () => expect(title).not.toBe(""));

  it.each(["plain", "residual", "binary"] as const)("gives a map for each target and picture of the %s network", async (name) => {
    const model = await openNetwork(name);
    const heatmaps = await explain(model, await readInput(name), { target: [1, 0] });
    expect(heatmaps.map(({ target, image }) => [target.index, image])).toEqual([
      [1, 0],
      [1, 1],
      [0, 0],
      [0, 1],
    ]);
    for (const { map } of heatmaps) expect(map.shape).toHaveLength(2);
    await model.dispose();
  });

  it("takes a layer only where it says so", async () => {
    const model = await openNetwork("plain");
    const input = await readInput("plain");
    const layers = (await explain(model, input, { layer: "features.2" })).map(({ layer }) => layer);
    expect(layers.every((layer) => layer === "features.2")).toBe(perLayer);
    await model.dispose();
  });
});

it("holds Grad-CAM itself", () => {
  expect(explanations["grad-cam"]?.explain).toBe(gradCam);
});
