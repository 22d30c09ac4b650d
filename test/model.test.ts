import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openModel, prepareImage } from "../src/index.ts";
import { networkPath, openNetwork } from "./methods/networks.ts";

test("layers are found by name, glob, regular expression and tensor, in the model's order", async () => {
  const model = await openNetwork("plain");
  const find = (address: Parameters<typeof model.find>[0]) => model.find(address).map(({ name }) => name);
  expect(find("features.4")).toEqual(["features.4"]);
  expect(find(["classifier", "features.*"])).toEqual(["features.0", "features.1", "features.2", "features.3", "features.4", "features.5", "classifier"]);
  expect(find(/[14]$/)).toEqual(["features.1", "features.4"]);
  expect(find("/FEATURES.[03]/i")).toEqual(["features.0", "features.3"]);
  expect(find("/features.1/Relu_output_0")).toEqual(["features.1"]);
  expect(find("features")).toEqual(["features.5"]);
});

test("an address that fits nothing is refused with the nearest names", async () => {
  const model = await openNetwork("plain");
  expect(() => model.layer("feature.4")).toThrow(expect.objectContaining({ code: "UNKNOWN_LAYER", hint: expect.stringContaining("features.4") }));
  expect(() => model.find(["features.0", "block*"])).toThrow(expect.objectContaining({ code: "UNKNOWN_LAYER", message: expect.stringContaining("block*") }));
});

test("layers have their shapes; those that hang on an open picture size are open", async () => {
  const shapes = async (name: "plain" | "residual") => Object.fromEntries((await openNetwork(name)).layers.map((layer) => [layer.name, layer.shape]));
  expect(await shapes("plain")).toMatchObject({ "features.0": [null, 6, 12, 12], classifier: [null, 5] });
  expect(await shapes("residual")).toMatchObject({ stem: [null, 8, null, null], head: [null, 4] });
});

test("an open picture size must be said before a picture is fitted", async () => {
  const picture = { width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 0, 0, 255) };
  const open = await openNetwork("residual", { preprocess: "unit" });
  await expect(prepareImage(open, picture)).rejects.toMatchObject({ code: "SHAPE_MISMATCH", hint: expect.stringContaining("size") });
  const sized = await openNetwork("residual", { preprocess: "unit", size: 8 });
  expect((await prepareImage(sized, [picture, picture])).shape).toEqual([2, 3, 8, 8]);
});

test("a picture needs a preprocessing; the error lists them", async () => {
  const picture = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  await expect(prepareImage(await openNetwork("plain"), picture)).rejects.toMatchObject({
    code: "PREPROCESS_NEEDED",
    details: { presets: ["caffe", "tf", "torch", "unit", "raw"] },
  });
  const caffe = await prepareImage(await openNetwork("plain", { preprocess: "caffe" }), picture);
  expect(caffe.shape).toEqual([1, 3, 12, 12]);
  expect(Array.from(caffe.data.subarray(0, 1))).toEqual([Math.fround(3 - 103.939)]);
  await expect(openNetwork("plain", { preprocess: "vgg" as "caffe" })).rejects.toMatchObject({ code: "BAD_ARGUMENT", hint: expect.stringContaining("caffe") });
});

test("a model opens from a path, a URL, bytes and a Blob", async () => {
  const path = networkPath("plain");
  const bytes = new Uint8Array(await readFile(path));
  for (const input of [path, new URL(`file://${path}`), bytes, new Blob([bytes])]) {
    const model = await openModel(input);
    expect(model.layers.length).toBeGreaterThan(6);
  }
  await expect(openModel(`${path}.missing`)).rejects.toMatchObject({ code: "MISSING_FILE" });
});
