// Quantized layers: what is refused, and files that lie. The numbers are compared with Keras's in layers.test.ts.

import { expect, it } from "vitest";
import { openHdf5 } from "../../../src/formats/hdf5/open-hdf5.ts";
import { isRegion } from "../../../src/graph/types.ts";
import { isPellucidError, type Model, openModel, type Tensor } from "../../../src/index.ts";
import { createSession } from "../../../src/runtime/session.ts";
import { bytesSource } from "../../../src/source.ts";
import { float32, sizeOf } from "../../../src/tensor/tensor.ts";
import { referenceBytes } from "../../reference-files.ts";
import { type Config, changed, inner, readConfig, withConfig } from "./archive.ts";

const INT8 = { class_name: "QuantizedDTypePolicy", config: { mode: "int8", source_name: "float32" } };

/** A file of test/reference/keras/layers with a change made to the options of one layer. */
function changedLayer(file: string, name: string, change: (options: Config) => void): Uint8Array {
  const path = `keras/layers/${file}`;
  const config = readConfig(path);
  change(config.config.layers.find((layer: Config) => layer.config.name === name).config);
  return withConfig(config, [], path);
}

const policy = (mode: string) => (options: Config) => Object.assign(options.dtype.config, { mode });
const quantizer = (change: object) => (options: Config) => Object.assign(options.quantization_config.config.activation_quantizer, change);

it.each<[string, string, string, () => Uint8Array]>([
  ["a mode that is not there", "UNSUPPORTED_LAYER", "does not say how", () => changedLayer("int8.keras", "dense", (o) => delete o.dtype.config.mode)],
  ["a mode that is not known", "UNSUPPORTED_LAYER", 'quantized as "int2"', () => changedLayer("int8.keras", "dense", policy("int2"))],
  [
    "a layer that Keras has no quantized form of",
    "UNSUPPORTED_LAYER",
    '"conv1" (Conv2D)',
    () => changed((c) => Object.assign(inner(c)[1].config, { dtype: INT8 })),
  ],
  ["an embedding in float8", "UNSUPPORTED_LAYER", "for Dense and EinsumDense only", () => changedLayer("int8.keras", "embedding", policy("float8"))],
  ["another quantizer", "UNSUPPORTED_LAYER", 'a "MyQuantizer"', () => changedLayer("int8.keras", "dense", quantizer({ class_name: "MyQuantizer" }))],
  [
    "a range that int8 has not",
    "UNSUPPORTED_LAYER",
    "[-500,500]",
    () => changedLayer("int8.keras", "dense", quantizer({ config: { value_range: [-500, 500] } })),
  ],
  [
    "a map of dtypes",
    "UNSUPPORTED_LAYER",
    "DTypePolicyMap",
    () => changedLayer("int8.keras", "dense", (o) => Object.assign(o, { dtype: { class_name: "DTypePolicyMap", config: { policy_map: { dense: INT8 } } } })),
  ],
  [
    "a quantized layer that is called as if it were not",
    "UNSUPPORTED_LAYER",
    "whose scales Keras itself leaves out",
    () => changedLayer("core.keras", "time_dense", (o) => Object.assign(o.layer.config, { dtype: INT8 })),
  ],
  ["parts that are quantized in silence", "BAD_MODEL", '"query_kernel" is int8', () => referenceBytes("keras/models/int8-heads.keras")],
  [
    "integers without a word of them",
    "BAD_MODEL",
    '"kernel" is int8',
    () => changedLayer("int8.keras", "dense", (o) => Object.assign(o, { dtype: "float32" })),
  ],
  ["zeros that Keras did not save", "BAD_MODEL", "g_idx missing", () => referenceBytes("keras/models/awq.keras")],
  [
    "scales for other units",
    "BAD_MODEL",
    '"kernel_scale" has the shape',
    () => changedLayer("int4-columns.keras", "dense_series", (o) => Object.assign(o, { units: 4 })),
  ],
  [
    "blocks that are not there",
    "BAD_MODEL",
    "missing",
    () => changedLayer("int4-columns.keras", "dense", (o) => Object.assign(o.quantization_config.config, { block_size: 2 })),
  ],
  ["pickled weights", "BAD_MODEL", "pickled", () => referenceBytes("keras/models/pickled.keras")],
])("refuses %s", async (_, code, message, bytes) => {
  const error = await openModel(bytes())
    .then((model) => model.layers)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(isPellucidError(error) && error.message).toContain(message);
  expect(error).toMatchObject({ code });
});

it("reads a policy that is a name", async () => {
  const bytes = changedLayer("int8.keras", "dense", (options) => Object.assign(options, { dtype: "int8_from_float32", quantization_config: null }));
  const says = await run(await openModel(bytes));
  expect(says.dense?.data).toEqual((await run(await openModel(referenceBytes("keras/layers/int8.keras")))).dense?.data);
});

/** The outputs for ones. */
async function run(model: Model): Promise<Record<string, Tensor>> {
  const at = model.atShapes(Object.fromEntries(model.loaded.inputs.map(({ name, shape }) => [name, shape.map((d) => Number(d ?? 1))])));
  const session = await createSession(at.graph);
  try {
    return await session.run(
      Object.fromEntries(at.graph.inputs.map(({ name, shape }) => [name, float32(shape as number[], new Array(sizeOf(shape as number[])).fill(1))])),
    );
  } finally {
    await session.dispose();
  }
}

/** A file with other numbers in one of its datasets. */
async function withNumbers(file: string, path: string, value: number): Promise<Uint8Array> {
  const bytes = referenceBytes(`keras/layers/${file}`).slice();
  const weight = await (await openHdf5(bytesSource(bytes))).dataset(path);
  if (weight?.dtype !== "float32" || !isRegion(weight.data)) throw new Error(`${path} is not there`);
  const view = new DataView(bytes.buffer, weight.data.offset, weight.data.length);
  for (let i = 0; i < weight.data.length; i += 4) view.setFloat32(i, value, true);
  return bytes;
}

it.each([
  ["int8.h5", "model_weights/dense/dense/kernel_scale", Number.NaN],
  ["int8.h5", "model_weights/dense/dense/kernel_scale", 0],
  ["awq.h5", "model_weights/dense/dense/kernel_scale", Number.POSITIVE_INFINITY],
  ["lora.h5", "model_weights/dense/dense/lora_kernel_a", Number.NaN],
])("computes with what %s says at %s: %d", async (file, path, value) => {
  const { dense } = await run(await openModel(await withNumbers(file, path, value)));
  expect(Array.from(dense?.data ?? [0], Number).every(Number.isNaN)).toBe(true);
});

it.each([1e9, -7, Number.NaN])("says that a run failed where groups are %d", async (value) => {
  const model = await openModel(await withNumbers("awq.h5", "model_weights/dense/dense/g_idx", value));
  await expect(run(model)).rejects.toSatisfy(isPellucidError);
});
