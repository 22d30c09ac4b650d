import { expect, test } from "vitest";
import { activations, filters, float32, itemAt, modelGradient, openModel, predict, toNumbers } from "../../src/index.ts";
import { largestDifference, openNetwork, readExpected, readInput } from "./networks.ts";

test("predictions are PyTorch's, best first, for every item of the batch", async () => {
  const [model, input] = [await openNetwork("plain", { labels: [..."abcde"] }), await readInput("plain")];
  const { output } = await readExpected("plain");
  const found = await predict(model, input);
  found.forEach((predictions, n) => {
    for (const { index, label, score } of predictions) {
      expect(score).toBeCloseTo(output[n * 5 + index] as number, 6);
      expect(label).toBe("abcde"[index]);
    }
    expect(predictions.map(({ score }) => score)).toEqual(predictions.map(({ score }) => score).sort((a, b) => b - a));
  });
  expect((await predict(model, input, { top: 2 })).map((predictions) => predictions.length)).toEqual([2, 2]);
});

test("a sigmoid unit gives both classes", async () => {
  const [model, input] = [await openNetwork("binary"), await readInput("binary")];
  const p = (await readExpected("binary")).output[0] as number;
  const [first] = await predict(model, input);
  expect(first?.map(({ index }) => index)).toEqual(p > 0.5 ? [1, 0] : [0, 1]);
  expect(first?.find(({ index }) => index === 1)?.score).toBeCloseTo(p, 6);
  expect(first?.find(({ index }) => index === 0)?.score).toBeCloseTo(1 - p, 6);
});

test("an input of another shape, count or name is refused", async () => {
  const model = await openNetwork("plain");
  const refused = (feed: Parameters<typeof predict>[1]) => expect(predict(model, feed)).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
  await refused(float32([1, 3, 12, 11], new Float32Array(396)));
  await refused(float32([3, 12, 12], new Float32Array(432)));
  await refused(float32([0, 3, 12, 12], []));
  await refused({ picture: float32([1, 3, 12, 12], new Float32Array(432)) });
});

test("names that do not fit the classes are refused, they would be wrong", async () => {
  for (const labels of [["ant", "bee"], [..."abcdef"]]) {
    const model = await openNetwork("plain", { labels });
    await expect(predict(model, await readInput("plain"))).rejects.toMatchObject({ code: "BAD_ARGUMENT", details: { names: labels.length, classes: 5 } });
  }
});

test("what is no tensor, no model and no layer is refused by name", async () => {
  const model = await openNetwork("plain");
  const nothing = null as never;
  await expect(predict(model, nothing)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(openModel(nothing)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(filters(model, {} as never)).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
});

test("an unknown output is refused with those that there are", async () => {
  const model = await openNetwork("plain");
  await expect(predict(model, await readInput("plain"), { output: "scores" })).rejects.toMatchObject({
    code: "UNKNOWN_TARGET",
    hint: expect.stringContaining("probabilities"),
  });
});

test("activations come in the model's order, for the layers that are asked for", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  const found = await activations(model, input, { layer: ["/^class/", "features.?"] });
  expect(found.map(({ layer }) => layer.name)).toEqual(["features.0", "features.1", "features.2", "features.3", "features.4", "features.5", "classifier"]);
  const [conv, relu] = found.map(({ tensor }) => tensor);
  expect(conv?.shape).toEqual([2, 6, 12, 12]);
  expect(relu?.data).toEqual(conv?.data.map((x) => Math.max(x, 0)));
  const all = await activations(model, input);
  expect(all.length).toBe(model.layers.length);
});

test("gradients of one output number are PyTorch's, at the input and at a layer", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  const { gradients } = await readExpected("plain");
  const image = await modelGradient(model, input, { index: gradients.index });
  const pooled = await modelGradient(model, input, { of: "probabilities", index: gradients.index, wrt: "features.2" });
  expect([image.shape, pooled.shape]).toEqual([
    [2, 3, 12, 12],
    [2, 6, 6, 6],
  ]);
  expect(largestDifference(image.data, gradients.image)).toBeLessThan(1e-6);
  expect(largestDifference(pooled.data, gradients["features.2"])).toBeLessThan(1e-6);
});

test("the gradient of a layer's single number is that of its position", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  const one = float32([1, 3, 12, 12], itemAt(input, 0).data);
  const gradient = await modelGradient(model, one, { of: "features.0", index: 5 * 144 + 7 * 12 + 4, wrt: "image" });
  const touched = toNumbers(gradient).flatMap((x, i) => (x === 0 ? [] : [[Math.floor((i % 144) / 12), i % 12]]));
  expect(touched.every(([row, column]) => Math.abs((row as number) - 7) <= 1 && Math.abs((column as number) - 4) <= 1)).toBe(true);
  expect(touched.length).toBe(27);
});

test("a position or tensor that is not there is refused", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  await expect(modelGradient(model, input, { index: 5 })).rejects.toMatchObject({ code: "UNKNOWN_TARGET" });
  await expect(modelGradient(model, input, { index: 0, wrt: "picture" })).rejects.toMatchObject({ code: "UNKNOWN_LAYER" });
  await expect(modelGradient(model, input, { of: "features.0", index: 0, wrt: "features.3" })).rejects.toMatchObject({ code: "UNKNOWN_LAYER" });
});
