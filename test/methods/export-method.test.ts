import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { type ExportOptions, exportMethod, float32, gradCam, type Image, itemAt, openModel, predict, prepareImage, resizeMap } from "../../src/index.ts";
import { largestDifference, type NetworkName, openNetwork, readExpected, readInput } from "./networks.ts";

/** Runs exported bytes in plain ONNX Runtime. */
async function runPlain(bytes: Uint8Array, feeds: Record<string, OrtTensor>): Promise<Record<string, { dims: readonly number[]; data: ArrayLike<number> }>> {
  const session = await InferenceSession.create(bytes);
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, { dims: t.dims, data: Array.from(t.data as ArrayLike<number>, Number) }]));
}

async function exported(name: NetworkName, options: Partial<ExportOptions> = {}): Promise<Uint8Array> {
  return exportMethod(await openNetwork(name), { method: "grad-cam", batch: 2, size: [12, 12], ...options });
}

describe.each<NetworkName>(["plain", "residual", "binary"])("the %s network with Grad-CAM as a file", async (name) => {
  const input = await readInput(name);
  const image = new OrtTensor("float32", input.data, [2, 3, 12, 12]);
  const { output } = await readExpected(name);

  test("gives the predictions, the map at both sizes and the class in plain ONNX Runtime", async () => {
    const results = await runPlain(await exported(name), { image });
    const heatmaps = await gradCam(await openNetwork(name), input);
    expect(largestDifference(results[Object.keys(results)[0] as string]?.data as number[], output)).toBeLessThan(1e-5);
    expect(results.class?.data).toEqual(heatmaps.map(({ target }) => target.index));
    heatmaps.forEach(({ map, image: n }) => {
      const cam = itemAt(float32(results.cam?.dims as number[], results.cam?.data as number[]), n);
      const heatmap = itemAt(float32(results.heatmap?.dims as number[], results.heatmap?.data as number[]), n);
      expect(cam.shape).toEqual(map.shape);
      expect(largestDifference(cam.data, map.data)).toBeLessThan(1e-6);
      expect(largestDifference(heatmap.data, resizeMap(map, 12, 12).data)).toBeLessThan(1e-5);
    });
  });

  test("takes the class as an input, −1 for the best", async () => {
    const bytes = await exported(name, { target: "input", score: "logit", normalize: "none", relu: false });
    const target = new OrtTensor("int64", BigInt64Array.of(1n, -1n), [2]);
    const results = await runPlain(bytes, { image, target });
    const model = await openNetwork(name);
    const [asked] = await gradCam(model, input, { target: 1, score: "logit", normalize: "none", relu: false });
    const [, best] = await gradCam(model, input, { score: "logit", normalize: "none", relu: false });
    expect(results.class?.data).toEqual([1, best?.target.index]);
    const cam = float32(results.cam?.dims as number[], results.cam?.data as number[]);
    expect(largestDifference(itemAt(cam, 0).data, asked?.map.data as Float32Array)).toBeLessThan(1e-6);
    expect(largestDifference(itemAt(cam, 1).data, best?.map.data as Float32Array)).toBeLessThan(1e-6);
  });
});

describe.each([
  ["plain", "torch", [1, 3, 12, 12]],
  ["plain", "caffe", [1, 3, 12, 12]],
] as const)("a file of the %s network, %s, takes pixels", (name, preprocess, shape) => {
  const photo: Image = { width: 12, height: 12, data: Uint8Array.from({ length: 432 }, (_, i) => (i * 37 + (i >> 3) * 11) % 256) };
  // Planes of red, green and blue, as any program would hand them over.
  const planes = Float32Array.from({ length: 432 }, (_, i) => photo.data[(i % 144) * 3 + Math.floor(i / 144)] as number);

  test("and gives what the model gives for the picture", async () => {
    const model = await openNetwork(name, { preprocess });
    const bytes = await exportMethod(model, { method: "grad-cam" });
    const results = await runPlain(bytes, { pixels: new OrtTensor("float32", planes, shape) });
    const input = await prepareImage(model, photo);
    const [scores, [heatmap]] = [(await predict(model, input))[0], await gradCam(model, input)];
    const probabilities = results[Object.keys(results)[0] as string]?.data as number[];
    for (const { index, score } of scores ?? []) expect(probabilities[index]).toBeCloseTo(score, 5);
    expect(largestDifference(results.cam?.data as number[], heatmap?.map.data as Float32Array)).toBeLessThan(1e-5);
  });

  test("and Pellucid knows it as such, with the class names", async () => {
    const labels = ["ant", "bee", "cow", "dog", "eel"];
    const again = await openModel(await exportMethod(await openNetwork(name, { preprocess, labels }), { method: "grad-cam" }));
    expect([again.preprocessing?.preset, again.labels]).toEqual(["raw", labels]);
    const [found] = await predict(again, await prepareImage(again, photo));
    const model = await openNetwork(name, { preprocess, labels });
    expect(found?.[0]?.label).toBe((await predict(model, await prepareImage(model, photo)))[0]?.[0]?.label);
  });
});

test("pixels are not taken where nobody says what becomes of them", async () => {
  await expect(exported("plain", { takes: "pixels" })).rejects.toMatchObject({ code: "PREPROCESS_NEEDED" });
  await expect(exported("plain", { takes: "photo" as "pixels" })).rejects.toMatchObject({ code: "BAD_ARGUMENT", hint: "Use one of: pixels, tensor." });
});

test("the class can be fixed by name, the layer chosen", async () => {
  const model = await openNetwork("plain", { labels: ["ant", "bee", "cow", "dog", "eel"] });
  const bytes = await exportMethod(model, { method: "grad-cam", target: "cow", layer: "features.1" });
  const input = itemAt(await readInput("plain"), 0);
  const results = await runPlain(bytes, { image: new OrtTensor("float32", input.data, [1, 3, 12, 12]) });
  expect([results.class?.data, results.cam?.dims]).toEqual([[2], [1, 12, 12]]);
});

test("the file is a model that Pellucid opens again", async () => {
  const model = await openModel(await exported("plain", { batch: 1 }));
  expect(model.loaded.outputs).toEqual(["probabilities", "cam", "heatmap", "class"]);
  const input = float32([1, 3, 12, 12], itemAt(await readInput("plain"), 0).data);
  const [again] = await gradCam(model, input, { output: "probabilities", layer: "features.4" });
  const [before] = await gradCam(await openNetwork("plain"), input, { layer: "features.4" });
  expect(largestDifference(again?.map.data as Float32Array, before?.map.data as Float32Array)).toBeLessThan(1e-6);
});

test("an unknown method is refused", async () => {
  const model = await openNetwork("plain");
  await expect(exportMethod(model, { method: "lime" as "grad-cam" })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
});
