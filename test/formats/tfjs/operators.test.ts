// TensorFlow's operators one by one, against the numbers and gradients that TensorFlow computes; tools/reference/tfjs_operators.py
// made the files.

import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gradient } from "../../../src/autodiff/gradient.ts";
import { tfFamilies } from "../../../src/formats/tensorflow/table.ts";
import { readTfjs } from "../../../src/formats/tfjs/read-tfjs.ts";
import { createSession, type Feeds } from "../../../src/runtime/session.ts";
import { type DType, viewAs } from "../../../src/tensor/dtype.ts";
import { float32, invert, sizeOf, type Tensor, tensor, toNumbers, transpose } from "../../../src/tensor/tensor.ts";
import { decodeFloats, memoryModel } from "./memory-model.ts";

interface Encoded {
  name: string;
  shape: number[];
  dtype: DType;
  data: string;
}

interface Case {
  name: string;
  operators: string[];
  model: Record<string, unknown>;
  weights: string;
  inputs: Encoded[];
  outputs: Encoded[];
  gradients: { output: number; input: number; data: string }[];
}

const FOLDER = new URL("../../reference/tfjs/operators/", import.meta.url);
const files = new Map(
  readdirSync(FOLDER).map((file) => [file.replace(".json.gz", ""), JSON.parse(gunzipSync(readFileSync(new URL(file, FOLDER))).toString()) as Case[]]),
);

/** The model of a case at its shapes, and the order of each output's axes. */
async function build({ model, weights, inputs }: Case) {
  const opened = await readTfjs(memoryModel(model, { "weights.bin": Buffer.from(weights, "base64") }));
  const { graph, layers } = opened.build(Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])));
  const orders = graph.outputs.map(({ name }) => layers.find(({ output }) => output === name)?.ownOrder);
  return { graph, orders, outputs: graph.outputs.map(({ name }) => name) };
}

function decode({ dtype, shape, data }: Encoded): Tensor {
  return tensor(dtype, shape, viewAs(dtype, new Uint8Array(Buffer.from(data, "base64"))));
}

async function run(graph: Parameters<typeof createSession>[0], feeds: Feeds): Promise<Readonly<Record<string, Tensor>>> {
  const session = await createSession(graph, { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}

/** 0.25 + ((7k mod 5) − 2) / 2, as in the script. */
function seedOf(shape: readonly number[]): Tensor<"float32"> {
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, k) => 0.25 + (((7 * k) % 5) - 2) / 2),
  );
}

function expectClose(got: Tensor, shape: readonly number[], wanted: ArrayLike<number>, what: string, tolerance: number): void {
  expect(got.shape, what).toEqual(shape);
  const numbers = Array.from(wanted);
  const largest = numbers.filter(Number.isFinite).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  toNumbers(got).forEach((x, i) => {
    if (!Object.is(x, numbers[i]))
      expect(Math.abs(x - (numbers[i] as number)), `${what}, element ${i}: ${x}, not ${numbers[i]}`).toBeLessThanOrEqual(tolerance * largest);
  });
}

for (const [family, cases] of files) {
  describe(family, () => {
    test.each(cases.map((c) => [c.name, c] as const))("%s", async (_, opCase) => {
      const { graph, orders, outputs } = await build(opCase);
      const feeds: Feeds = Object.fromEntries(opCase.inputs.map((input) => [input.name, decode(input)]));
      const results = await run(graph, feeds);
      opCase.outputs.forEach((wanted, i) => {
        const got = results[outputs[i] as string] as Tensor;
        expectClose(orders[i] ? transpose(got, orders[i]) : got, wanted.shape, toNumbers(decode(wanted)), `output ${i}`, 2e-6);
      });
    });

    test.each(cases.filter(({ gradients }) => gradients.length > 0).map((c) => [c.name, c] as const))("%s: gradients", async (_, opCase) => {
      const { graph, orders, outputs } = await build(opCase);
      const feeds: Feeds = Object.fromEntries(opCase.inputs.map((input) => [input.name, decode(input)]));
      for (const { output, input, data } of opCase.gradients) {
        const [of, wrt] = [outputs[output] as string, opCase.inputs[input] as Encoded];
        const made = gradient(graph, { of, wrt: [wrt.name] });
        const seed = seedOf(opCase.outputs[output]?.shape as number[]);
        const order = orders[output];
        const results = await run(made.graph, { ...feeds, [made.seed]: order ? transpose(seed, invert(order)) : seed });
        expectClose(results[made.gradients[0] as string] as Tensor, wrt.shape, decodeFloats(data), `gradient of output ${output} to input ${input}`, 1e-5);
      }
    });
  });
}

/** TensorFlow.js's converter writes it under the other name. */
const UNTESTED = ["_FusedDepthwiseConv2dNative"];

test("every operator is in a case, here or among the graphs", () => {
  const graphs = JSON.parse(readFileSync(new URL("../graphs.json", FOLDER), "utf8")) as Case[];
  const covered = new Set([...graphs, ...[...files.values()].flat()].flatMap(({ operators }) => operators));
  const untested = Object.values(tfFamilies)
    .flat()
    .map(({ op }) => op)
    .filter((op) => !covered.has(op));
  expect(untested.sort()).toEqual(UNTESTED);
});
