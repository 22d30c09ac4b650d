import { describe, expect, test } from "vitest";
import { type FilterStep, filterSteps, filters, type Model } from "../../src/index.ts";
import { largestDifference, type NetworkName, openNetwork, readExpected } from "./networks.ts";

describe.each<NetworkName>(["plain", "residual", "binary"])("ascents on the %s network", async (name) => {
  const { ascents } = await readExpected(name);

  test.each(ascents.map((ascent) => [`${ascent.preset} ${JSON.stringify(ascent.options)}`, ascent] as const))("agree with PyTorch: %s", async (_, ascent) => {
    const { layer, filter, step_size, limits, ...rest } = ascent.options;
    const model = await openNetwork(name, { preprocess: ascent.preset });
    const states = await all(model, { ...rest, layer, filters: [filter], stepSize: step_size, range: limits, size: 12 });
    const seen = states.map(({ activations }) => activations[0] as number);
    expect(largestDifference(seen, ascent.activations)).toBeLessThan(1e-4 * Math.max(...ascent.activations.map(Math.abs), 0.1));
    expect(states.at(-1)?.images.shape).toEqual([1, 3, 12, 12]);
    expect(largestDifference(states.at(-1)?.images.data as Float32Array, ascent.image)).toBeLessThan(ascent.preset === "raw" ? 1e-3 : 1e-4);
  });
});

// Of the larger pictures, ONNX Runtime takes two at a time: the last portion of a batch of three is half empty.
test.each([undefined, 420])("pictures of size %s do not depend on which filters run together", async (size) => {
  const model = await openNetwork("plain", { preprocess: "torch" });
  const options = { layer: "features.4", steps: size ? 2 : 10, seed: 3, size };
  const together = await filters(model, { ...options, filters: [0, 1, 2, 3, 4], batch: 3 });
  const [alone] = await filters(model, { ...options, filters: [4] });
  expect(together.map(({ filter }) => filter)).toEqual([0, 1, 2, 3, 4]);
  expect(largestDifference(together[4]?.image.data as Float32Array, alone?.image.data as Float32Array)).toBeLessThan(1e-5);
  const [other] = await filters(model, { ...options, seed: 4, filters: [4] });
  expect(largestDifference(other?.image.data as Float32Array, alone?.image.data as Float32Array)).toBeGreaterThan(0.01);
});

test("a filter that never answers is silent and keeps its noise; its neighbours are not touched", async () => {
  const model = await openNetwork("plain");
  const found = await filters(model, { layer: "features.1", steps: 3, range: [0, 255] });
  expect(found.map(({ silent }) => silent)).toEqual([false, false, true, false, false, false].map((silent, i) => silent || !found[i]?.activation));
  expect(found[2]).toMatchObject({ filter: 2, silent: true, activation: 0 });
  const pixels = found[2]?.image.data as Float32Array;
  expect(pixels.every((x) => x >= 128 && x < 148)).toBe(true);
  expect(found.every(({ image }) => image.data.every(Number.isFinite))).toBe(true);
});

test("every state of the ascent is given, and the work stops where the reader stops", async () => {
  const model = await openNetwork("plain", { preprocess: "unit" });
  const states = await all(model, { layer: "features.3", filters: [0, 1, 2], batch: 2, steps: 2 });
  expect(states.map(({ filters, step, done }) => [filters, step, done])).toEqual([
    [[0, 1], 0, 0],
    [[0, 1], 1, 0],
    [[0, 1], 2, 0],
    [[2], 0, 2],
    [[2], 1, 2],
    [[2], 2, 2],
  ]);
  expect(states[1]?.activations[0]).toBeGreaterThan(states[0]?.activations[0] as number);
  for await (const { step } of filterSteps(model, { layer: "features.4", filters: [0] })) if (step === 3) break;
  await model.dispose();
});

test("it can be cancelled between steps", async () => {
  const model = await openNetwork("plain");
  const stop = new AbortController();
  const onProgress = ({ step }: FilterStep) => {
    if (step === 2) stop.abort(new Error("enough"));
  };
  await expect(filters(model, { layer: "features.4", filters: [0], signal: stop.signal, onProgress })).rejects.toMatchObject({ code: "ABORTED" });
});

test("another picture size works up to a convolution", async () => {
  const model = await openNetwork("plain");
  const [pattern] = await filters(model, { layer: "features.3", filters: [1], size: [20, 16], steps: 1 });
  expect(pattern?.image.shape).toEqual([3, 20, 16]);
});

test("classes are filters too", async () => {
  const model = await openNetwork("plain", { preprocess: "unit" });
  const [pattern] = await filters(model, { layer: "classifier", filters: [3], steps: 20, stepSize: 5 });
  const [start] = await filters(model, { layer: "classifier", filters: [3], steps: 0 });
  expect(pattern?.activation).toBeGreaterThan((start?.activation as number) + 1);
});

test("wrong options are refused", async () => {
  const model = await openNetwork("plain");
  await expect(filters(model, { layer: "features.4", filters: [10] })).rejects.toMatchObject({ code: "BAD_ARGUMENT", hint: "It has 10 filters: 0 to 9." });
  await expect(filters(model, { layer: "features.4", filters: [] })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(filters(model, { layer: "features.4", steps: -1 })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(filters(model, { layer: "features.4", batch: 0 })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(filters(model, { layer: "feature" })).rejects.toMatchObject({ code: "UNKNOWN_LAYER" });
});

async function all(model: Model, options: Parameters<typeof filterSteps>[1]): Promise<FilterStep[]> {
  const states: FilterStep[] = [];
  for await (const state of filterSteps(model, options)) states.push(state);
  return states;
}
