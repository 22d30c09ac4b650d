// Graph models against the numbers that TensorFlow computes; tools/reference/tfjs_graphs.py made them.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTfjs } from "../../../src/formats/tfjs/read-tfjs.ts";
import { createSession, type Feeds } from "../../../src/runtime/session.ts";
import { float32, type Tensor, transpose } from "../../../src/tensor/tensor.ts";
import { decodeFloats, memoryModel } from "./memory-model.ts";

interface Named {
  name: string;
  shape: number[];
  data: string;
}

interface Case {
  name: string;
  operators: string[];
  model: Record<string, unknown>;
  weights: string;
  inputs: Named[];
  outputs: Named[];
}

const cases = JSON.parse(readFileSync(new URL("../../reference/tfjs/graphs.json", import.meta.url), "utf8")) as Case[];

/** The outputs of a case, in TensorFlow's order of axes. */
async function run({ model, inputs }: Case, weights: Uint8Array): Promise<Tensor<"float32">[]> {
  const loaded = await readTfjs(memoryModel(model, { "weights.bin": weights }));
  const { graph, layers } = loaded.build(Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])));
  const session = await createSession(graph);
  const feeds: Feeds = Object.fromEntries(inputs.map(({ name, shape, data }) => [name, float32(shape, decodeFloats(data))]));
  const results = await session.run(feeds);
  await session.dispose();
  return graph.outputs.map(({ name }) => {
    const order = layers.find((layer) => layer.output === name)?.ownOrder;
    const got = results[name] as Tensor<"float32">;
    return order ? transpose(got, order) : got;
  });
}

test.each(cases.map((c) => [c.name, c] as const))("%s", async (_, graphCase) => {
  const outputs = await run(graphCase, Buffer.from(graphCase.weights, "base64"));
  graphCase.outputs.forEach((wanted, i) => {
    expectClose(outputs[i] as Tensor<"float32">, wanted);
  });
});

/** The case with its floats cut to 10 bits behind the point: in half precision, as the converter stores them, and in float32. */
function halved({ model, weights, ...rest }: Case): { half: [Case, Uint8Array]; float: Uint8Array } {
  const [float, half] = [Buffer.from(weights, "base64"), [] as Buffer[]];
  const manifest = structuredClone(model.weightsManifest) as { weights: { shape: number[]; dtype: string; quantization?: object }[] }[];
  let at = 0;
  for (const weight of manifest.flatMap((group) => group.weights)) {
    const end = at + 4 * weight.shape.reduce((n, d) => n * d, 1);
    for (; at < end; at += 4) {
      if (weight.dtype !== "float32") half.push(float.subarray(at, at + 4));
      else half.push(toHalf(float, at));
    }
    if (weight.dtype === "float32") weight.quantization = { dtype: "float16", original_dtype: "float32" };
  }
  return { half: [{ ...rest, weights: "", model: { ...model, weightsManifest: manifest } }, Buffer.concat(half)], float };
}

/** The float at `at`, which is cut to what half precision holds: 0 below 2⁻¹⁴. */
function toHalf(floats: Buffer, at: number): Buffer {
  const bits = floats.readUInt32LE(at);
  const exponent = ((bits >>> 23) & 255) - 127;
  if (exponent > 15) throw new Error(`${floats.readFloatLE(at)} is beyond half precision`);
  const sign = bits & 0x80000000;
  floats.writeUInt32LE((exponent < -14 ? sign : bits & 0xffffe000) >>> 0, at);
  const half = Buffer.alloc(2);
  half.writeUInt16LE((sign >>> 16) | (exponent < -14 ? 0 : ((exponent + 15) << 10) | ((bits >>> 13) & 1023)));
  return half;
}

test("weights in half precision give what the same numbers in float32 give", async () => {
  for (const graphCase of cases.filter(({ model }) => JSON.stringify(model.weightsManifest).includes("float32"))) {
    const { half, float } = halved(graphCase);
    expect(await run(...half), graphCase.name).toEqual(await run(graphCase, float));
  }
});

function expectClose(got: Tensor<"float32">, wanted: Named): void {
  expect(got.shape).toEqual(wanted.shape);
  const numbers = decodeFloats(wanted.data);
  const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  numbers.forEach((x, i) => {
    expect(Math.abs((got.data[i] as number) - x), `element ${i}`).toBeLessThanOrEqual(2e-6 * largest);
  });
}
