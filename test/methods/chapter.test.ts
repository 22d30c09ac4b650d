// A Keras model, channels last: what the chapter's own code gives for it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exportMethod, filters, float32, gradCam, openModel, predict } from "../../src/index.ts";
import { largestDifference } from "./networks.ts";

interface Expected {
  readonly input: number[];
  readonly predictions: number[];
  readonly heatmaps: readonly { layer: string; index: number; map: number[] }[];
  readonly patterns: readonly { layer: string; filter: number; activation: number; image: number[] }[];
}

const path = (file: string) => fileURLToPath(new URL(`../reference/methods/${file}`, import.meta.url));
const expected: Expected = JSON.parse(await readFile(path("chapter.json"), "utf8"));
const model = await openModel(path("chapter.keras"), { preprocess: "tf" });
const input = float32([1, 14, 14, 3], expected.input);

test("predictions are Keras's", async () => {
  const [found] = await predict(model, input);
  for (const { index, score } of found ?? []) expect(score).toBeCloseTo(expected.predictions[index] as number, 6);
});

test.each(expected.heatmaps.map((heatmap) => [`${heatmap.layer}, class ${heatmap.index}`, heatmap] as const))(
  "the heatmap of %s",
  async (_, { layer, index, map }) => {
    const [found] = await gradCam(model, input, { layer, target: index });
    expect(largestDifference(found?.map.data as Float32Array, map)).toBeLessThan(1e-4);
  },
);

test("the layer behind the last convolution is chosen", async () => {
  const [found] = await gradCam(model, input);
  expect([found?.layer, found?.map.shape]).toEqual(["block2_relu", [7, 7]]);
});

test.each(expected.patterns.map((pattern) => [`${pattern.layer}, filter ${pattern.filter}`, pattern] as const))(
  "the pattern of %s",
  async (_, { layer, filter, activation, image }) => {
    const [found] = await filters(model, { layer, filters: [filter], steps: 5 });
    expect(found?.image.shape).toEqual([14, 14, 3]);
    expect(found?.activation).toBeCloseTo(activation, 4);
    expect(largestDifference(found?.image.data as Float32Array, image)).toBeLessThan(1e-4);
  },
);

test("the exported file takes the model's own layout, and Pellucid opens it", async () => {
  const again = await openModel(await exportMethod(model, { method: "grad-cam", target: 2, takes: "tensor" }));
  expect(again.loaded.inputs.map(({ name, shape }) => [name, shape])).toEqual([[model.input.name, [1, 14, 14, 3]]]);
  expect(again.loaded.outputs.slice(1)).toEqual(["cam", "heatmap", "class"]);
  const [[best] = []] = await predict(again, input);
  expect(best?.score).toBeCloseTo(Math.max(...expected.predictions), 6);
});
