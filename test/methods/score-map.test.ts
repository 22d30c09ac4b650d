// Scores that are no plain list: a map of classes, one number without an axis, a unit with two labels.

import { expect, test } from "vitest";
import { encodeOnnx, GraphWriter } from "../../src/graph.ts";
import { float32, gradCam, type Model, type OpenOptions, openModel, predict } from "../../src/index.ts";

/** A model of one channel in, features 2x and −x, and a head upon them. */
async function networkWith(head: (w: GraphWriter, features: string) => string, options?: OpenOptions): Promise<Model> {
  const writer = new GraphWriter();
  const x = writer.input("x", "float32", [1, 1, 2, 2]);
  const features = writer.emit("Conv", [x, writer.constant("float32", [2, 1, 1, 1], [2, -1])], {}, "features");
  return openModel(encodeOnnx(writer.finish([head(writer, features)])), options);
}

const input = float32([1, 1, 2, 2], [1, 2, 3, -2]);

test("a map of scores counts all over its positions", async () => {
  const model = await networkWith((w, features) => w.emit("Conv", [features, w.constant("float32", [2, 2, 1, 1], [1, 0, 0, 4])], {}, "scores"));
  const [predictions] = await predict(model, input);
  expect(predictions).toEqual([
    { index: 0, label: "class 0", score: 2 },
    { index: 1, label: "class 1", score: -4 },
  ]);
  const heatmaps = await gradCam(model, input, { layer: "features", target: [0, 1], normalize: "none", channels: "sum" });
  expect(heatmaps.map(({ score, map }) => [score, Array.from(map.data)])).toEqual([
    [8, [2, 4, 6, 0]],
    [-16, [0, 0, 0, 8]],
  ]);
  const [best] = await gradCam(model, input, { layer: "features" });
  expect(best?.target.index).toBe(0);
});

test("a score without an axis for its classes works", async () => {
  const model = await networkWith((w, features) => w.emit("ReduceSum", [features, w.ints([1, 2, 3])], { keepdims: 0 }, "score"));
  expect(await predict(model, input)).toEqual([[{ index: 0, label: "class 0", score: 4 }]]);
  const [heatmap] = await gradCam(model, input, { normalize: "none", channels: "sum" });
  expect([heatmap?.score, heatmap?.target.index, Array.from(heatmap?.map.data ?? [])]).toEqual([4, 0, [1, 2, 3, 0]]);
});

test("a plain unit with two labels stands for both", async () => {
  const head = (w: GraphWriter, features: string) => w.emit("Flatten", [w.emit("ReduceMean", [features, w.ints([1, 2, 3])], { keepdims: 1 })], {}, "logit");
  const model = await networkWith(head, { labels: ["no", "yes"] });
  expect((await predict(model, input))[0]).toEqual([
    { index: 1, label: "yes", score: 0.5 },
    { index: 0, label: "no", score: -0.5 },
  ]);
  const heatmaps = await gradCam(model, input, { target: ["yes", "no"] });
  expect(heatmaps.map(({ score }) => score)).toEqual([0.5, -0.5]);
  expect(Array.from(heatmaps[1]?.map.data ?? [])).toEqual([0, 0, 0, 1]);
});

test("several inputs are given by name; an ascent needs one", async () => {
  const writer = new GraphWriter();
  const [a, b] = ["a", "b"].map((name) => writer.input(name, "float32", [1, 1, 2, 2])) as [string, string];
  const sum = writer.emit("Relu", [writer.emit("Conv", [writer.emit("Add", [a, b]), writer.constant("float32", [1, 1, 1, 1], [1])])], {}, "sum");
  const model = await openModel(encodeOnnx(writer.finish([writer.emit("GlobalAveragePool", [sum], {}, "score")])));
  const [heatmap] = await gradCam(model, { a: input, b: input });
  expect(Array.from(heatmap?.map.data ?? [])).toEqual([1 / 3, 2 / 3, 1, 0].map(Math.fround));
  await expect(gradCam(model, input)).rejects.toMatchObject({ code: "SHAPE_MISMATCH", hint: expect.stringContaining("b") });
});
