// Every layer against Keras: outputs and gradients, as tools/reference/keras_layers.py and others saved them.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { differentiate } from "../../../src/autodiff/gradient.ts";
import { layerFamilies } from "../../../src/formats/keras/layers/table.ts";
import { operatorName, operators } from "../../../src/formats/keras/operators/table.ts";
import type { Layer } from "../../../src/formats/loaded-model.ts";
import { toOwnLayout } from "../../../src/methods/feeds.ts";
import type { ModelAt } from "../../../src/model.ts";
import { openModel } from "../../../src/open-model.ts";
import { createSession } from "../../../src/runtime/session.ts";
import { float32, sizeOf, type Tensor, toFloat32, transpose } from "../../../src/tensor/tensor.ts";
import { largestDifference, referenceJson } from "../../reference-files.ts";

interface Numbers {
  shape: number[];
  data: number[];
}

interface Family {
  inputs: Record<string, Numbers>;
  layers: Record<string, { output: Numbers; wrt?: string; gradient?: Numbers }>;
}

const tensor = ({ shape, data }: Numbers) => float32(shape, data);

/** cos i for element i in the model's own order, as the graph's tensor lies. */
function seedOf(layer: Layer | undefined, shape: readonly number[]): Tensor<"float32"> {
  const cosines = float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(i)),
  );
  const ownOrder = layer?.ownOrder;
  return ownOrder
    ? transpose(
        cosines,
        ownOrder.map((_, axis) => ownOrder.indexOf(axis)),
      )
    : cosines;
}

function expectClose(found: Tensor<"float32">, wanted: Numbers, tolerance = 2e-5): void {
  expect(found.shape).toEqual(wanted.shape);
  const scale = Math.max(...wanted.data.map(Math.abs), 1e-3);
  expect(largestDifference(found.data, wanted.data) / scale).toBeLessThan(tolerance);
}

/** Written by tools/reference/keras_operations.py. */
const operationFamilies = ["elementwise", "arithmetic", "reduction", "product", "shaping", "picture", "warped"].map((family) => `operation-${family}`);
const files = [...Object.keys(layerFamilies), "operation", ...operationFamilies].map((family) => `${family}.keras`);
/** Written by tools/reference/keras_masks.py. */
const masks = ["masks.keras", "masks-attention.keras"];
/** Written by tools/reference/keras_old.py, keras_cudnn.py, keras_legacy.py and keras_tf_operations.py. */
const old = ["keras108.h5", "keras122.h5", "keras122-first.h5", "keras122-merge.h5", "keras209.h5", "keras209-first.h5", "keras231.h5", "keras231-first.h5"];
const legacy = [...old, "cudnn.h5", "keras2.h5", "tensorflow.h5", "tensorflow-functions.h5"];
/** Written by tools/reference/keras_quantized.py. */
const quantized = ["embeddings", "lora", "int8", "int8-weights", "int4", "int4-columns", "int4-old", "float8"].map((name) => `${name}.keras`);
const quantizedH5 = ["lora", "int8", "int8-lora", "gptq", "awq"].map((name) => `${name}.h5`);

const seen = new Set<string>();
const seenOperators = new Set<string>();

describe.each([...files, "merge.h5", "operation.h5", ...masks, ...legacy, ...quantized, ...quantizedH5])("%s", async (file) => {
  const expected = referenceJson<Family>(`keras/layers/${file.replace(/\..*/, "")}.json`);
  const model = await openModel(fileURLToPath(new URL(`../../reference/keras/layers/${file}`, import.meta.url)));
  const feeds = Object.fromEntries(Object.entries(expected.inputs).map(([name, numbers]) => [name, tensor(numbers)]));
  const at: ModelAt = model.atShapes(Object.fromEntries(Object.entries(feeds).map(([name, { shape }]) => [name, shape])));
  const layerOf = (name: string) => at.layers.find((layer) => layer.name === name);

  for (const { kind } of at.layers) seen.add(kind);
  for (const { kind, name } of at.layers) {
    // TensorFlow's functions are in the layers' names: tf.math.reduce_any_1.
    const functionName = /^tf\.(.*?)(_\d+)?$/.exec(name)?.[1];
    if (file.startsWith("operation") || functionName) seenOperators.add(operatorName({ kind, config: functionName ? { function: functionName } : {} }));
  }

  it("gives Keras's outputs", async () => {
    const session = await createSession(at.graph);
    const results = await session.run(feeds);
    await session.dispose();
    for (const [i, [name, { output }]] of Object.entries(expected.layers).entries()) {
      expect(model.loaded.outputs[i], name).toBe(name);
      const layer = layerOf(name);
      const result = toFloat32(results[name] as Tensor);
      expectClose(layer ? toOwnLayout(layer, result) : result, output);
    }
  });

  it.each(Object.entries(expected.layers).filter(([, { gradient }]) => gradient))(
    "gives Keras's gradient through %s",
    async (name, { output, wrt, gradient }) => {
      const { graph, seed, gradients } = differentiate(at, { of: name, wrt: [wrt as string] });
      const session = await createSession(graph);
      const results = await session.run({ ...feeds, [seed]: seedOf(layerOf(name), output.shape) });
      await session.dispose();
      expectClose(toFloat32(results[gradients[0] as string] as Tensor), gradient as Numbers, 1e-4);
    },
  );
});

/** Of files that nothing here can write. */
const UNTESTED = ["flatten", "mish"];

it("has a case for every operation", () => {
  expect(Object.keys(operators).filter((name) => !seenOperators.has(name) && !UNTESTED.includes(name))).toEqual([]);
});

it("has a case for every layer", () => {
  const kinds = Object.values(layerFamilies).flatMap((family) => family.map(({ kind }) => kind));
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
});
