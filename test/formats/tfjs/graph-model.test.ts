// Graph models against the numbers that TensorFlow computes; tools/reference/tfjs_graphs.py made them.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tfFamilies } from "../../../src/formats/tensorflow/table.ts";
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

function openCase({ model, weights }: Case) {
  return readTfjs(memoryModel(model, { "weights.bin": Buffer.from(weights, "base64") }));
}

test.each(cases.map((c) => [c.name, c] as const))("%s", async (_, graphCase) => {
  const model = await openCase(graphCase);
  const shapes = Object.fromEntries(graphCase.inputs.map(({ name, shape }) => [name, shape]));
  const { graph, layers } = model.build(shapes);
  const session = await createSession(graph);
  const feeds: Feeds = Object.fromEntries(graphCase.inputs.map(({ name, shape, data }) => [name, float32(shape, decodeFloats(data))]));
  const results = await session.run(feeds);
  graphCase.outputs.forEach((wanted, i) => {
    const order = layers.find((layer) => layer.output === graph.outputs[i]?.name)?.ownOrder;
    const got = results[graph.outputs[i]?.name as string] as Tensor<"float32">;
    expectClose(order ? transpose(got, order) : got, wanted);
  });
  await session.dispose();
});

function expectClose(got: Tensor<"float32">, wanted: Named): void {
  expect(got.shape).toEqual(wanted.shape);
  const numbers = decodeFloats(wanted.data);
  const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  numbers.forEach((x, i) => {
    expect(Math.abs((got.data[i] as number) - x), `element ${i}`).toBeLessThanOrEqual(2e-6 * largest);
  });
}

test("the cases cover the operators of every family", () => {
  const covered = new Set(cases.flatMap(({ operators }) => operators));
  for (const [family, ops] of Object.entries(tfFamilies)) {
    expect(ops.filter(({ op }) => covered.has(op)).length, family).toBeGreaterThan(0);
  }
});
