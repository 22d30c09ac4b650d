// Graphs of Keras models: other sizes, cut short, names, layers.

import { fileURLToPath } from "node:url";
import { unzipSync, zipSync } from "fflate";
import { expect, it } from "vitest";
import { isPellucidError, openModel } from "../../../src/index.ts";
import { referenceBytes } from "../../reference-files.ts";
import { type Config, changed, inner, withConfig } from "./archive.ts";

const open = (path: string) => openModel(fileURLToPath(new URL(`../../reference/keras/${path}`, import.meta.url)));
const code = (wanted: string) => expect.toSatisfy((error: unknown) => isPellucidError(error, wanted as "BAD_MODEL"));

it("lists the layers as Keras's summary does, nested ones with their model's name", async () => {
  const model = await open("models/keras3.keras");
  expect(model.layers.map(({ name, kind, shape, parameters, inputs }) => [name, kind, shape, parameters, inputs])).toEqual([
    ["features/conv1", "Conv2D", [null, 10, 9, 4], 112, []],
    ["features/bn1", "BatchNormalization", [null, 10, 9, 4], 16, ["features/conv1"]],
    ["features/pool1", "MaxPooling2D", [null, 5, 4, 4], 0, ["features/bn1"]],
    ["features/conv2", "Conv2D", [null, 3, 3, 6], 150, ["features/pool1"]],
    ["features/bn2", "BatchNormalization", [null, 3, 3, 6], 24, ["features/conv2"]],
    ["features", "Functional", [null, 3, 3, 6], 0, ["features/bn2"]],
    ["flat", "Flatten", [null, 54], 0, ["features"]],
    ["fc", "Dense", [null, 7], 385, ["flat"]],
    ["drop", "Dropout", [null, 7], 0, ["fc"]],
    ["predictions", "Dense", [null, 5], 40, ["drop"]],
  ]);
});

it("lists the inputs of functional models", async () => {
  const model = await open("models/siamese.keras");
  expect(model.layers.slice(0, 2).map(({ name, kind }) => [name, kind])).toEqual([
    ["left", "InputLayer"],
    ["right", "InputLayer"],
  ]);
});

it("names tensors after their layers; layers that do nothing share theirs", async () => {
  const { graph, layers } = (await open("models/keras3.keras")).at();
  expect(graph.inputs.map(({ name }) => name)).toEqual(["photo"]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(["predictions"]);
  const outputs = Object.fromEntries(layers.map(({ name, output }) => [name, output]));
  expect(outputs).toMatchObject({ "features/conv1": "features/conv1", features: "features/bn2", drop: "fc" });
});

it("gives outputs that share a tensor a name and a layout each", async () => {
  const image = { class_name: "__keras_tensor__", config: { shape: [null, 4, 5, 3], dtype: "float32", keras_history: ["image", 0, 0] } };
  const dropout = (name: string) => ({
    class_name: "Dropout",
    config: { name, rate: 0.5, dtype: "float32", trainable: true },
    inbound_nodes: [{ args: [image], kwargs: {} }],
  });
  const input = { class_name: "InputLayer", config: { name: "image", batch_shape: [null, 4, 5, 3] }, inbound_nodes: [] };
  const ends = { input_layers: [["image", 0, 0]], output_layers: ["one", "two"].map((name) => [name, 0, 0]) };
  const config = {
    class_name: "Functional",
    config: { name: "m", layers: [input, dropout("one"), dropout("two")].map((layer) => ({ name: layer.config.name, ...layer })), ...ends },
  };
  const { graph, layers } = (await openModel(withConfig(config))).at();
  expect(graph.outputs.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(layers.slice(1).map(({ output, ownOrder }) => [output, ownOrder])).toEqual(["one", "two"].map((name) => [name, [0, 2, 3, 1]]));
});

it("keeps the scores before a softmax in the graph", async () => {
  const { graph } = (await open("models/keras3.keras")).at();
  expect(graph.nodes.slice(-2).map(({ op, outputs }) => [op, outputs[0]])).toEqual([
    ["Gemm", "predictions/Gemm"],
    ["Softmax", "predictions"],
  ]);
});

it("is built at another size up to a layer, or to a tensor within it", async () => {
  const model = await open("models/keras3.keras");
  const { graph, layers } = model.at({ size: [20, 30], until: "features/conv2", batch: 3 });
  expect(graph.outputs).toMatchObject([{ name: "features/conv2", shape: [3, 6, 8, 14] }]);
  expect(layers.map(({ name }) => name)).toEqual(["features/conv1", "features/bn1", "features/pool1", "features/conv2"]);
  expect(model.at({ size: [20, 30], until: "features/conv2/Conv" }).graph.outputs).toMatchObject([{ name: "features/conv2/Conv", shape: [1, 6, 8, 14] }]);
});

it("says that dense layers fix the size", async () => {
  const model = await open("models/keras3.keras");
  expect(() => model.at({ size: [20, 30] })).toThrow(code("SHAPE_MISMATCH"));
  expect(() => model.at({ size: [20, 30] })).toThrow('"fc" (Dense)');
});

it("knows no other layers and tensors", async () => {
  const model = await open("models/keras3.keras");
  for (const until of ["nowhere", "features/conv2/Relu", "features/conv3"]) expect(() => model.at({ until })).toThrow(code("UNKNOWN_LAYER"));
});

it("leaves the weights in the file", async () => {
  const { graph } = (await open("models/keras3.keras")).at();
  const kernel = graph.initializers.get("features/conv1/kernel");
  expect(kernel?.shape).toEqual([3, 3, 3, 4]);
  expect(kernel?.data).toMatchObject({ length: 432, source: { path: expect.stringContaining("keras3.keras") } });
});

it.each<[string, (config: Config) => void, string | undefined]>([
  ["nothing", () => {}, undefined],
  [
    "a Rescaling",
    (config) => config.config.layers.splice(1, 0, { class_name: "Rescaling", config: { name: "scale", scale: 1 / 255 } }),
    'layer "scale" scales by 1/255',
  ],
  ["a Rescaling within the nested model", (config) => rescaleWithin(config), 'layer "features/scale" scales each channel'],
  [
    "a Rescaling behind a convolution",
    (config) => config.config.layers.splice(2, 0, { class_name: "Rescaling", config: { name: "scale", scale: 2 } }),
    undefined,
  ],
])("guesses the preprocessing from %s", async (_, change, reason) => {
  const { preprocessing } = (await openModel(changed(change))).loaded;
  expect(preprocessing).toEqual(reason === undefined ? undefined : { preset: "raw", reason });
});

function rescaleWithin(config: Config): void {
  const layers = inner(config);
  const [, conv] = layers;
  layers.splice(1, 0, {
    class_name: "Rescaling",
    config: { name: "scale", trainable: true, scale: [1, 2, 3] },
    inbound_nodes: structuredClone(conv.inbound_nodes),
  });
  conv.inbound_nodes[0].args[0].config.keras_history = ["scale", 0, 0];
}

it("takes no archive for an HDF5 file whose weights begin where such a file may", async () => {
  const { "metadata.json": metadata, ...members } = unzipSync(referenceBytes("keras/models/keras3.keras"));
  const weights = members["model.weights.h5"] as Uint8Array;
  const padded = (spaces: number) =>
    zipSync(
      { "metadata.json": new Uint8Array([...(metadata as Uint8Array), ...new Array<number>(spaces).fill(32)]), "model.weights.h5": weights, ...members },
      { level: 0 },
    );
  const startOf = (archive: Uint8Array) => Buffer.from(archive).indexOf("\x89HDF\r\n\x1a\n", 0, "latin1");
  const archive = padded(2048 - startOf(padded(0)));
  expect(startOf(archive)).toBe(2048);
  expect((await openModel(archive)).loaded.format).toBe("keras");
});
