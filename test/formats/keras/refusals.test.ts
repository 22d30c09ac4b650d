// What is not read, and how it is said: the layer, its class, what to do.

import { fileURLToPath } from "node:url";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { isPellucidError, openModel, type PellucidError } from "../../../src/index.ts";
import { referenceBytes } from "../../reference-files.ts";
import { type Config, changed, inner, readConfig, withConfig } from "./archive.ts";

const reference = (path: string) => fileURLToPath(new URL(`../../reference/keras/${path}`, import.meta.url));

async function errorOf(work: () => Promise<unknown>): Promise<PellucidError> {
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error, "nothing was thrown").toSatisfy((thrown: unknown) => isPellucidError(thrown));
  return error as PellucidError;
}

it.each([
  ["lambda.keras", 'Layer "doubled" is a Lambda'],
  ["lambda.h5", 'Layer "doubled" is a Lambda'],
  ["custom.keras", 'Layer "swirled" is of the class "Swirl"'],
  ["function.keras", 'Layer "squared" (Conv2D) has a function of the user'],
  ["subclass.keras", 'The model is of the class "Subclass"'],
])("refuses %s by name, with a way out", async (file, message) => {
  const error = await errorOf(() => openModel(reference(`models/${file}`)));
  expect(error.code).toBe("UNSUPPORTED_LAYER");
  expect(error.message).toContain(message);
  expect(error.hint).toMatch(/ONNX/);
});

it.each<[string, string, string, Parameters<typeof changed>[0]]>([
  ["an unknown class", "UNSUPPORTED_LAYER", '"conv1" is of the class "Conv9D"', (config) => Object.assign(inner(config)[1], { class_name: "Conv9D" })],
  ["a class that every object has", "UNSUPPORTED_LAYER", '"constructor"', (config) => Object.assign(inner(config)[1], { class_name: "constructor" })],
  ["a class of Keras's", "UNSUPPORTED_LAYER", '"conv1" is a Hashing, a layer of Keras', (config) => Object.assign(inner(config)[1], { class_name: "Hashing" })],
  ["an unknown activation", "UNSUPPORTED_LAYER", 'the activation "wave"', (config) => Object.assign(inner(config)[1].config, { activation: "wave" })],
  [
    "more filters than weights",
    "BAD_MODEL",
    '"conv1" (Conv2D): its "kernel" has the shape [3, 3, 3, 4]',
    (config) => Object.assign(inner(config)[1].config, { filters: 5 }),
  ],
  ["filters that are no number", "BAD_MODEL", '"filters" is "many"', (config) => Object.assign(inner(config)[1].config, { filters: "many" })],
  [
    "a bias that is not there",
    "BAD_MODEL",
    'no weights for layer "extra" (Dense)',
    (config) => config.config.layers.push({ class_name: "Dense", config: { name: "extra", units: 2 } }),
  ],
  ["a layer without class", "BAD_MODEL", "has no class", (config) => delete inner(config)[1].class_name],
  ["two layers of one name", "BAD_MODEL", 'called "conv1"', (config) => Object.assign(inner(config)[4], { name: "conv1" })],
  ["no layers", "BAD_MODEL", "no layers", (config) => Object.assign(config.config, { layers: [] })],
  ["no class", "BAD_MODEL", "names no class", (config) => delete config.class_name],
  ["strides of zero", "BAD_MODEL", "strides 0", (config) => Object.assign(inner(config)[1].config, { strides: 0 })],
])("refuses %s", async (_, code, message, change) => {
  const error = await errorOf(async () => (await openModel(changed(change))).layers);
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

it.each<[string, Parameters<typeof changed>[0]]>([
  ["a layer that is not there", (config) => Object.assign(inner(config)[4].inbound_nodes[0].args[0].config, { keras_history: ["nowhere", 0, 0] })],
  ["a call that is not made", (config) => Object.assign(inner(config)[4].inbound_nodes[0].args[0].config, { keras_history: ["pool1", 3, 0] })],
  ["an output that is not there", (config) => Object.assign(inner(config)[4].inbound_nodes[0].args[0].config, { keras_history: ["pool1", 0, 2] })],
  ["itself", (config) => Object.assign(inner(config)[4].inbound_nodes[0].args[0].config, { keras_history: ["bn2", 0, 0] })],
])("refuses a layer that reads %s", async (_, change) => {
  expect((await errorOf(async () => (await openModel(changed(change))).layers)).code).toBe("BAD_MODEL");
});

it.each(["StringLookup", "TextVectorization", "Hashing", "HashedCrossing"])("refuses %s by its own name, with a way out", async (kind) => {
  const error = await errorOf(() => openModel(changed((config) => Object.assign(inner(config)[1], { class_name: kind }))));
  expect(error.code).toBe("UNSUPPORTED_LAYER");
  expect(error.message).toContain(`"conv1" is a ${kind}, a layer of Keras`);
  expect(error.hint).toMatch(/before the model/);
});

describe("a vocabulary in a file of its own", () => {
  const file = "keras/layers/preprocessing.keras";
  const [vocabulary] = Object.keys(unzipSync(referenceBytes(file))).filter((name) => name.startsWith("assets/")) as [string];
  const opened = (text: string | undefined) => {
    const members = unzipSync(referenceBytes(file));
    delete members[vocabulary];
    if (text !== undefined) members[vocabulary] = new TextEncoder().encode(text);
    return openModel(zipSync(members, { level: 0 })).then((model) => model.layers);
  };

  it("must be there", async () => {
    const error = await errorOf(() => opened(undefined));
    expect(error).toMatchObject({ code: "BAD_MODEL", message: expect.stringContaining("vocabulary missing"), hint: expect.stringContaining(".keras") });
  });

  it.each(["", "3\nseven\n", "1e3"])("must hold whole numbers: %j", async (text) => {
    expect(await errorOf(() => opened(text))).toMatchObject({ code: "BAD_MODEL", message: expect.stringContaining("no whole number") });
  });

  it("must hold more than the special tokens", async () => {
    expect(await errorOf(() => opened("0\n-1"))).toMatchObject({ code: "BAD_MODEL", message: expect.stringContaining("empty vocabulary") });
  });
});

it.each<[string, string, unknown, string]>([
  ["mel", "fft_length", 0, '"fft_length" 0'],
  ["mel", "fft_length", 1 << 30, '"fft_length" 1073741824'],
  ["mel", "fft_length", 4096, "spectra of 4096 samples of a sound of 50"],
  ["mel", "num_mel_bins", 1e12, '"num_mel_bins"'],
  ["mel", "window", [1, 2], "a window of 2 values"],
  ["mel", "window", "kaiser", 'the window "kaiser"'],
  ["stft_log", "mode", "loud", 'the mode "loud"'],
  ["stft_log", "frame_step", 0, '"frame_step" 0'],
  ["category_count", "num_tokens", 1e12, "1000000000000 categories"],
  ["bins", "bin_boundaries", [], "summary missing"],
  ["lookup", "oov_method", "farmhash", "hashes"],
  ["clahe", "tile_grid_size", [0, 1], "0×1 tiles"],
  ["clahe", "tile_grid_size", 4096, "Cannot mirror"],
])("refuses %s with %s %j", async (layer, option, value, message) => {
  const config = readConfig("keras/layers/preprocessing.keras");
  const found = config.config.layers.find((entry: { config: { name: string } }) => entry.config.name === layer);
  found.config[option] = value;
  if (option === "oov_method") found.config.num_oov_indices = 2;
  const error = await errorOf(async () => (await openModel(withConfig(config, [], "keras/layers/preprocessing.keras"))).layers);
  expect(error.message).toContain(message);
});

it("refuses two layers of one name in a Sequential", async () => {
  const error = await errorOf(() => openModel(changed((config) => Object.assign(config.config.layers[3].config, { name: "predictions" }))));
  expect(error.code).toBe("BAD_MODEL");
  expect(error.message).toContain('called "predictions"');
});

it("says that Keras 1's Deconvolution2D fixes the size", async () => {
  const model = await openModel(reference("layers/keras122.h5"));
  const shapes = Object.fromEntries(model.loaded.inputs.map(({ name, shape }) => [name, shape.map((d) => d ?? 1)]));
  expect(() => model.atShapes({ ...shapes, picture: [1, 6, 6, 3] }, "deconvolution")).toThrow(/"deconvolution" \(Conv2DTranspose\) gives 10 pixels/);
});

it("refuses JSON that nests without end", async () => {
  const deep = `${'{"class_name":"Sequential","config":{"layers":['.repeat(500)}${"]}}".repeat(500)}`;
  expect((await errorOf(() => openModel(withConfig(deep)))).message).toContain("nests deeper");
});

it("refuses models that call models that call models", async () => {
  const config = readConfig();
  const doubled = (model: object, name: string, source: string) => ({
    class_name: "Functional",
    config: {
      name,
      layers: [
        { class_name: "InputLayer", config: { name: source, batch_shape: [null, 4] }, inbound_nodes: [] },
        { ...model, inbound_nodes: [0, 1].map((i) => [[[i ? `${name}_inner` : source, i ? 1 : 0, 0, {}]]]) },
      ],
      input_layers: [[source, 0, 0]],
      output_layers: [[`${name}_inner`, 2, 0]],
    },
  });
  let model: object = { class_name: "Activation", config: { name: "m0_inner", activation: "relu" } };
  for (let i = 0; i < 40; i++) {
    const wrapped = doubled(model, `m${i}`, `x${i}`);
    model = { ...wrapped, config: { ...wrapped.config, name: `m${i + 1}_inner` } };
  }
  const error = await errorOf(() => openModel(withConfig({ ...config, ...model, keras_version: "2.11.0" })));
  expect(error.message).toMatch(/more than 100000 times|its own output|reads output/);
});

it.each([
  ["model.weights.h5", "MISSING_FILE"],
  ["config.json", "BAD_MODEL"],
])("names the missing member %s", async (member, code) => {
  const error = await errorOf(() => openModel(withConfig(readConfig(), [member])));
  expect(error.code).toBe(code);
  expect(error.message).toContain(member);
});

it("asks for the architecture of weights that lie alone", async () => {
  const error = await errorOf(async () => openModel((await import("../../reference-files.ts")).referenceBytes("keras/models/network.weights.h5")));
  expect(error.code).toBe("MISSING_FILE");
  expect(error.hint).toContain("architecture");
});

it("says which layers a file without the top leaves out", async () => {
  const error = await errorOf(() => openModel(reference("models/notop.h5")));
  expect(error.message).toContain("predictions");
  expect(error.hint).toContain("notop");
});

it.each([
  ["SVD", "matrices are not decomposed"],
  ["Nonzero", "depends on the picture"],
  ["Polar", "complex"],
  ["Map", "no code from files"],
  ["Argpartition", "each backend"],
  ["Whirl", "does not know"],
])("refuses the operation %s, and says why", async (kind, why) => {
  const config = readConfig("keras/layers/operation-warped.keras");
  const operation = config.config.layers.find(({ class_name: name }: Config) => name === "SliceUpdate");
  operation.class_name = kind;
  const error = await errorOf(() => openModel(withConfig(config, [], "keras/layers/operation-warped.keras")));
  expect(error.code).toBe("UNSUPPORTED_LAYER");
  expect(error.message).toContain(`is the operation ${kind}, which`);
  expect(error.message).toContain(why);
});
