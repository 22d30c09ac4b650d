// One network in every form that Keras has saved it in, as tools/reference/keras_models.py and keras_tf2.py wrote them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { activations, float32, type Model, modelGradient, openModel, type Tensor, toOwnLayout } from "../../../src/index.ts";
import { toFloat32 } from "../../../src/tensor/tensor.ts";
import { largestDifference, referenceBytes, referenceJson } from "../../reference-files.ts";

interface Numbers {
  shape: number[];
  data: number[];
}

interface Says {
  input: Numbers;
  output: Numbers;
  class: number;
  gradient: Numbers;
  layers: Record<string, Numbers>;
}

const tensor = ({ shape, data }: Numbers) => float32(shape, data);
const open = (path: string) => openModel(fileURLToPath(new URL(`../../reference/keras/models/${path}`, import.meta.url)));

function expectClose(found: Tensor<"float32">, wanted: Numbers, tolerance = 2e-5): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(largestDifference(found.data, wanted.data) / Math.max(...wanted.data.map(Math.abs))).toBeLessThan(tolerance);
}

/** What the model gives for its outputs, in their own layout. */
async function outputsOf(model: Model, feeds: Readonly<Record<string, Tensor<"float32">>>): Promise<Tensor<"float32">[]> {
  const at = model.atShapes(Object.fromEntries(Object.entries(feeds).map(([name, { shape }]) => [name, shape])));
  const { session, release } = await model.session("test", () => at.graph);
  const results = await session.run(feeds);
  await release();
  return model.loaded.outputs.map((name) => {
    const layer = at.layers.find(({ output }) => output === name);
    const result = toFloat32(results[name] as Tensor);
    return layer ? toOwnLayout(layer, result) : result;
  });
}

/** Files, what wrote them, and what Keras 3 says of their numbers. */
const networks: readonly (readonly [file: string, producer: string, says: string])[] = [
  ["keras1.h5", "Keras 1", "network"],
  ["keras209.h5", "Keras 2.0.9", "network"],
  ["keras231.h5", "Keras 2.3.1", "network"],
  ["tfkeras.h5", "Keras 2.11.0", "network"],
  ["tf212.keras", "Keras 2.12.0", "network"],
  ["tf214.keras", "Keras 2.14.0", "network"],
  ["windows.keras", "Keras 2.13.1", "network"],
  ["keras3.h5", "Keras 3.15.1", "network"],
  ["keras3.keras", "Keras 3.15.1", "network"],
  ["keras3-latest.h5", "Keras 3.15.1", "network"],
  ["keras3-compressed.h5", "Keras 3.15.1", "network"],
  ["keras3-ordered.keras", "Keras 3.15.1", "network"],
  ["unzipped", "Keras 3.15.1", "network"],
  ["network.weights.h5", "Keras 3", "network"],
  ["network.json", "Keras 3", "network"],
  ["sharded/model.weights.json", "Keras 3", "network"],
  ["mixed_bfloat16.keras", "Keras 3.15.1", "mixed_bfloat16"],
  ["bfloat16.h5", "Keras 3.15.1", "bfloat16"],
  ["float16.keras", "Keras 3.15.1", "float16"],
];

describe.each(networks)("%s", async (file, producer, says) => {
  const expected = referenceJson<Says>(`keras/models/${says}-says.json`);
  const model = await open(file);
  const input = tensor(expected.input);

  it("says who wrote it", () => {
    expect(model.loaded.producer).toBe(producer);
  });

  it("takes pictures in Keras's layout", () => {
    expect(model.input).toMatchObject({ layout: "NHWC", shape: [null, 10, 9, 3] });
  });

  it("gives Keras's output", async () => {
    expectClose((await outputsOf(model, { [model.input.name]: input }))[0] as Tensor<"float32">, expected.output);
  });

  it("gives Keras's layers", async () => {
    for (const { layer, tensor: found } of await activations(model, input, { layer: Object.keys(expected.layers) })) {
      expectClose(toOwnLayout(layer, found), expected.layers[layer.name] as Numbers);
    }
  });

  it("gives Keras's gradient", async () => {
    expectClose(await modelGradient(model, input, { index: expected.class }), expected.gradient);
  });
});

it.each([
  ["net.json", "net_weights.h5"],
  ["net_config.json", "net_weights.h5"],
  ["net_architecture.json", "net.weights.h5"],
  ["model.json", "best.h5"],
])("finds %s and %s by each other", async (architecture, weights) => {
  const expected = referenceJson<Says>("keras/models/network-says.json");
  const folder = mkdtempSync(join(tmpdir(), "pellucid-pair-"));
  writeFileSync(join(folder, architecture), referenceBytes("keras/models/network.json"));
  writeFileSync(join(folder, weights), referenceBytes("keras/models/network.weights.h5"));
  for (const name of weights.startsWith("net") ? [architecture, weights] : [weights]) {
    const model = await openModel(join(folder, name));
    expectClose((await outputsOf(model, { [model.input.name]: tensor(expected.input) }))[0] as Tensor<"float32">, expected.output);
  }
  rmSync(folder, { recursive: true });
});

it("reads what Keras 1 wrote on Theano: other axes, turned kernels", async () => {
  const expected = referenceJson<Says>("keras/models/network-says.json");
  const model = await open("network_th_kernels.h5");
  expect(model.input).toMatchObject({ layout: "NCHW", shape: [null, 3, 10, 9] });
  const [n, h, w, c] = expected.input.shape as [number, number, number, number];
  const planes = float32([n, c, h, w], new Float32Array(n * c * h * w));
  expected.input.data.forEach((x, i) => {
    const [channel, place] = [i % c, Math.floor(i / c)];
    planes.data[(Math.floor(place / (h * w)) * c + channel) * h * w + (place % (h * w))] = x;
  });
  expectClose((await outputsOf(model, { image: planes }))[0] as Tensor<"float32">, expected.output);
});

describe.each(["siamese.keras", "siamese.h5"])("%s: two inputs and outputs, a shared layer, a model that is called three times", async (file) => {
  const expected = referenceJson<{ inputs: Numbers[]; outputs: Numbers[]; gradients: Numbers[]; layers: Record<string, Numbers> }>(
    "keras/models/siamese-says.json",
  );
  const model = await open(file);
  const feeds = { left: tensor(expected.inputs[0] as Numbers), right: tensor(expected.inputs[1] as Numbers) };

  it("gives Keras's outputs", async () => {
    const outputs = await outputsOf(model, feeds);
    expect(outputs).toHaveLength(2);
    outputs.forEach((output, i) => {
      expectClose(output, expected.outputs[i] as Numbers);
    });
  });

  it.each([0, 1])("gives Keras's gradient for input %i", async (i) => {
    const wrt = model.loaded.inputs[i]?.name as string;
    expectClose(await modelGradient(model, feeds, { of: "same", index: 0, wrt }), expected.gradients[i] as Numbers, 1e-4);
  });

  it("tells the calls of a layer apart, and counts its weights once", () => {
    const shared = model.layers.filter(({ name }) => name.startsWith("shared"));
    expect(shared.map(({ name, parameters }) => [name, parameters])).toEqual([
      ["shared", 57],
      ["shared:1", 0],
      ["shared:2", 0],
    ]);
    expect(model.layers.map(({ name }) => name)).toEqual(expect.arrayContaining(["tower/tower_conv", "tower:1/tower_conv", "tower:2/tower_pool"]));
  });
});
