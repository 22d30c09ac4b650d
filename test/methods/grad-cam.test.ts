import { describe, expect, test } from "vitest";
import { float32, gradCam, itemAt, predict } from "../../src/index.ts";
import { largestDifference, type NetworkName, openNetwork, readExpected, readInput } from "./networks.ts";

const names: readonly NetworkName[] = ["plain", "residual", "binary"];

describe.each(names)("Grad-CAM on the %s network", async (name) => {
  const { cams } = await readExpected(name);

  test.each(cams.map((cam) => [JSON.stringify(cam.options), cam] as const))("agrees with PyTorch: %s", async (_, { options, classes, shape, maps }) => {
    const model = await openNetwork(name);
    const heatmaps = await gradCam(model, await readInput(name), { ...options, target: options.target ?? undefined });
    expect(heatmaps.map((heatmap) => heatmap.target.index)).toEqual(classes);
    heatmaps.forEach(({ map, image }) => {
      expect(map.shape).toEqual(shape.slice(1));
      expect(largestDifference(map.data, itemAt(float32(shape, maps), image).data)).toBeLessThan(options.normalize === "none" ? 1e-6 : 2e-4);
    });
    await model.dispose();
  });
});

test("the layer is chosen: the last feature map, behind its shortcut and activation, before the pooling", async () => {
  const chosen = async (name: NetworkName) => (await gradCam(await openNetwork(name), await readInput(name)))[0]?.layer;
  expect(await chosen("plain")).toBe("features.4");
  expect(await chosen("residual")).toBe("relu");
  expect(await chosen("binary")).toMatch(/relu/);
});

test("the score is that of the explained class, before or after the softmax", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  const [first] = await predict(model, input);
  const probability = first?.find(({ index }) => index === 4)?.score as number;
  const [output] = await gradCam(model, input, { target: 4 });
  expect(output?.score).toBeCloseTo(probability, 6);
  const logits = await gradCam(model, input, { target: [0, 4], score: "logit" });
  const [zero, , four] = logits.map(({ score }) => score) as [number, number, number, number];
  expect(Math.exp(four - zero)).toBeCloseTo(probability / (first?.find(({ index }) => index === 0)?.score as number), 5);
});

test("a sigmoid unit stands for two classes", async () => {
  const [model, input] = [await openNetwork("binary", { labels: ["cat", "dog"] }), await readInput("binary")];
  const { output } = await readExpected("binary");
  const heatmaps = await gradCam(model, input, { target: ["cat", "dog"] });
  const p = output[0] as number;
  expect(heatmaps.map(({ target }) => target.label)).toEqual(["cat", "cat", "dog", "dog"]);
  expect(heatmaps.map(({ image }) => image)).toEqual([0, 1, 0, 1]);
  expect(heatmaps[0]?.score).toBeCloseTo(1 - p, 6);
  expect(heatmaps[2]?.score).toBeCloseTo(p, 6);
});

test("one item of a batch gives the same map alone", async () => {
  const [model, input] = [await openNetwork("residual"), await readInput("residual")];
  const both = await gradCam(model, input, { target: 1 });
  const [second] = await gradCam(model, float32([1, 3, 12, 12], itemAt(input, 1).data), { target: 1 });
  expect(largestDifference(second?.map.data as Float32Array, both[1]?.map.data as Float32Array)).toBeLessThan(1e-5);
});

test("a map without positive evidence is blank and says why; without ReLU it is there", async () => {
  const model = await openNetwork("plain");
  const black = float32([1, 3, 12, 12], new Float32Array(432));
  const [blank] = await gradCam(model, black, { target: 1, score: "logit" });
  expect([blank?.blank, blank?.map.data.every((x) => x === 0)]).toEqual([true, true]);
  expect(blank?.warning).toMatch(/negative/);
  const [signed] = await gradCam(model, black, { target: 1, score: "logit", relu: false });
  expect([signed?.blank, signed?.warning, Math.min(...(signed?.map.data ?? []))]).toEqual([false, undefined, -1]);
});

test("a saturated probability is warned of, its logit is not", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  const loud = float32(
    [2, 3, 12, 12],
    input.data.map((x) => 100 * x),
  );
  const [output] = await gradCam(model, loud);
  expect(output?.score).toBeGreaterThan(0.99999);
  expect(output?.warning).toMatch(/logit/);
  expect(output?.map.data.every(Number.isFinite)).toBe(true);
  const [logit] = await gradCam(model, loud, { score: "logit" });
  expect(logit?.warning).toBeUndefined();
  expect(logit?.blank).toBe(false);
});

test("a layer without positions, a layer behind the score and an unknown class are refused by name", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  await expect(gradCam(model, input, { layer: "classifier" })).rejects.toMatchObject({
    code: "SHAPE_MISMATCH",
    message: expect.stringContaining("classifier"),
  });
  await expect(gradCam(model, input, { target: 5 })).rejects.toMatchObject({ code: "UNKNOWN_TARGET" });
  await expect(gradCam(model, input, { target: "cat" })).rejects.toMatchObject({ code: "UNKNOWN_TARGET", hint: expect.stringContaining("names") });
  await expect(gradCam(model, input, { layer: "features.9" })).rejects.toMatchObject({ code: "UNKNOWN_LAYER", hint: expect.stringContaining("features.") });
});

test("it stops between targets, and tells how far it is", async () => {
  const [model, input] = [await openNetwork("plain"), await readInput("plain")];
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ done }: { done: number }) => {
    seen.push(done);
    if (done === 2) stop.abort();
  };
  await expect(gradCam(model, input, { target: [0, 1, 2, 3], signal: stop.signal, onProgress })).rejects.toMatchObject({ code: "ABORTED" });
  expect(seen).toEqual([1, 2]);
});

test.each([{ score: "scores" }, { channels: "median" }, { normalize: "sum" }])("options that are no choice are refused: %o", async (options) => {
  const model = await openNetwork("plain");
  const wrong = gradCam(model, await readInput("plain"), options as never);
  await expect(wrong).rejects.toMatchObject({ code: "BAD_ARGUMENT", hint: expect.stringContaining("Use one of") });
});
