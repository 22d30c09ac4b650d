// Layers models that TensorFlow.js of every age saved, against its own numbers; tools/reference/tfjs_native.mjs made them.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTfjs } from "../../../src/formats/tfjs/read-tfjs.ts";
import { activations } from "../../../src/methods/activations.ts";
import { toOwnLayout } from "../../../src/methods/feeds.ts";
import { Model } from "../../../src/model.ts";
import { float32, toFloat32 } from "../../../src/tensor/tensor.ts";
import { decodeFloats, memoryModel } from "./memory-model.ts";

interface Encoded {
  shape: number[];
  data: string;
}

interface Case {
  name: string;
  model: Record<string, unknown>;
  files: Record<string, string>;
  /** In the model's order. */
  inputs: Encoded[];
  layers: Record<string, Encoded>;
}

const cases = JSON.parse(readFileSync(new URL("../../reference/tfjs/native.json", import.meta.url), "utf8")) as Case[];

function decode({ shape, data }: Encoded) {
  return float32(shape, decodeFloats(data));
}

test.each(cases.map((c) => [c.name, c] as const))("%s", async (_, { model: json, files, inputs, layers }) => {
  const bytes = Object.fromEntries(Object.entries(files).map(([path, data]) => [path, new Uint8Array(Buffer.from(data, "base64"))]));
  const model = new Model(await readTfjs(memoryModel(json, bytes)), {});
  try {
    const feed = Object.fromEntries(model.loaded.inputs.map(({ name }, i) => [name, decode(inputs[i] as Encoded)]));
    const found = await activations(model, feed, { layer: Object.keys(layers) });
    expect(found.map(({ layer }) => layer.name).sort()).toEqual(Object.keys(layers).sort());
    for (const { layer, tensor } of found) {
      const own = toOwnLayout(layer, toFloat32(tensor));
      const wanted = decode(layers[layer.name] as Encoded);
      expect(own.shape, layer.name).toEqual(wanted.shape);
      const largest = wanted.data.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
      const worst = wanted.data.reduce((most, x, i) => Math.max(most, Math.abs(x - (own.data[i] as number))), 0);
      expect(worst / largest, layer.name).toBeLessThanOrEqual(1e-5);
    }
  } finally {
    await model.dispose();
  }
});
