// Every operator with a gradient, forward and backward on WebGPU in a real browser, against ONNX Runtime's CPU kernels in
// Node. The cases are those of test/ops; vitest.config.ts lets them hand their tables to collect-family.ts.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/gradient.ts";
import { encodeOnnx } from "../../src/graph/encode.ts";
import type { Graph } from "../../src/graph/types.ts";
import { featuresOf } from "../../src/methods/features.ts";
import type { AnyOp } from "../../src/ops/define.ts";
import { padChannels } from "../../src/ops/pad-channels.ts";
import { families } from "../../src/ops/table.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import { fromNumbers, sizeOf, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { gaussian, seeded } from "../ops/inputs.ts";
import { buildCase, type OpCase, runGraph } from "../ops/op-case.ts";
import { noChromium } from "./chromium.ts";
import { collected } from "./collect-family.ts";
import { type LibraryPage, openLibraryPage } from "./library-page.ts";
import type { CaseResult, SentCase } from "./page/run-cases.ts";

const files = import.meta.glob("../ops/*.test.ts");
await Promise.all(Object.keys(families).map((family) => files[`../ops/${family}.test.ts`]?.()));

/** What ONNX Runtime's WebGPU provider itself cannot do (1.30, forward as well), and how it shows. */
const faults: Readonly<Record<string, readonly (readonly [name: string, message: string])[]>> = {
  AveragePool: [["in three dimensions", "Conv3D does not support grouped convolution"]],
  Cast: [["to float64", "Can't create a session"]],
  CastLike: [["to float64", "Can't create a session"]],
  Conv: [["in three dimensions at stride 2, in groups", "Conv3D does not support grouped convolution"]],
  // Where a label has size 1 in one input and another size in another.
  Einsum: [
    ["...ij,...jk->...ik", "is 0 instead of"],
    ["ij,jk->ik", "Inferred=1"],
    ["ij,jk->ik", "Inferred=1"],
    ["ij,ij->i", "Inferred=1"],
    ["ij,jk,kl->il", "Inferred=1"],
    ["ii,i->i", "is 0 instead of"],
    ["ii,i->", "Inferred=1"],
    ["ii,i->", "Inferred=1"],
    ["...ij,...jk", "Inferred=1"],
  ],
  GRU: [
    ["other activations", "Unsupported GRU activation"],
    ["other activations, reset behind", "Unsupported GRU activation"],
  ],
  LSTM: [
    ["other activations", "Unsupported LSTM activation"],
    ["softer activations", "Unsupported LSTM activation"],
  ],
  MaxPool: [["with indices", "The Indices output is not supported"]],
  // Over no axes it takes magnitudes, and logarithms of them; the CPU provider does not.
  ReduceL2: [
    ["of no axes", "is -"],
    ["of no axes, which are empty", "is -"],
  ],
  ReduceLogSum: [
    ["of no axes", "is "],
    ["of no axes, which are empty", "is "],
  ],
  Pow: [["both ways", 'Invalid ShaderModule "Pow"']],
};

/** Operators of which, in some case, the provider leaves a node to the CPU: they are right, and slower. */
const leavesNodes = new Set("Cast CastLike Einsum Gather GatherND GlobalLpPool GRU LogSoftmax LpPool LSTM MaxUnpool Mod Pow ReverseSequence RNN".split(" "));

/** WebGPU's own sine and cosine are only this good. Source: WGSL, section 15.7.4, accuracy of built-in functions. */
const tolerances: Readonly<Record<string, number>> = { Sin: 2 ** -11, Cos: 2 ** -11 };

interface Prepared {
  readonly name: string;
  readonly graph: Graph;
  readonly feeds: Feeds;
}

describe.skipIf(noChromium)("on WebGPU", () => {
  let opened: LibraryPage;
  beforeAll(async () => {
    opened = await openLibraryPage();
  }, 120_000);
  afterAll(() => opened?.close());

  for (const [family, table] of collected) {
    for (const op of families[family] ?? []) {
      const name = op.domain ? `${op.domain}.${op.type}` : op.type;
      const cases = table[name];
      if (typeof op.gradient === "function" && Array.isArray(cases)) it(`${name} and its gradient`, () => checkOperator(op, cases as OpCase[]));
    }
  }

  async function checkOperator(op: AnyOp, cases: readonly OpCase[]): Promise<void> {
    const prepared = cases.filter(({ refused }) => !refused).flatMap((opCase) => prepare(op, opCase));
    const results = await opened.page.evaluate((sent) => globalThis.library.runCases(sent, "webgpu"), prepared.map(send));
    const wrong: string[] = [];
    for (const [i, result] of results.entries()) {
      const difference = await compare(prepared[i] as Prepared, result, tolerances[op.type]);
      if (difference) wrong.push(`${prepared[i]?.name}: ${difference}`);
    }
    expect(results.every(({ whole }) => whole)).toBe(!leavesNodes.has(op.type));
    expect(wrong).toEqual(
      (faults[op.type] ?? []).map(([name, message]) => expect.toSatisfy((text: string) => text.startsWith(`${name}: `) && text.includes(message))),
    );
  }
});

/** The operator and its gradients by all of its variables, as one graph. */
function prepare(op: AnyOp, opCase: OpCase): Prepared[] {
  const built = buildCase(op, opCase, "float32");
  const wrt = built.variables.filter((name) => name !== undefined);
  if (!built.of || wrt.length === 0) return [];
  const { graph, seed } = gradient(built.graph, { of: built.of, wrt, features: featuresOf("webgpu") });
  const { dtype, shape } = built.graph.outputs.find(({ name }) => name === built.of) as Graph["outputs"][number];
  const random = seeded(2);
  const numbers = Array.from({ length: sizeOf(shape as number[]) }, () => gaussian(random));
  return [{ name: opCase.name, graph: padChannels(graph), feeds: { ...built.feeds, [seed]: fromNumbers(dtype, shape as number[], numbers) } }];
}

function send({ graph, feeds }: Prepared): SentCase {
  const asText = ({ dtype, shape, data }: Tensor) => ({ dtype, shape, data: Array.from(data as Float32Array, String) });
  return {
    onnx: Buffer.from(encodeOnnx(graph)).toString("base64"),
    feeds: Object.fromEntries(graph.inputs.map(({ name }) => [name, asText(feeds[name] as Tensor)])),
  };
}

/** Every number within `tolerance` of the largest of its tensor; else what is wrong. */
async function compare({ graph, feeds }: Prepared, { outputs, error }: CaseResult, tolerance = 1e-4): Promise<string | undefined> {
  if (error !== undefined) return error;
  for (const [output, tensor] of Object.entries(await runGraph(graph, feeds))) {
    const [actual, expected] = [(outputs[output] ?? []).map(Number), toNumbers(tensor)];
    if (actual.length !== expected.length) return `${output} has ${actual.length} numbers instead of ${expected.length}`;
    const scale = expected.filter(Number.isFinite).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-2);
    const wrong = expected.findIndex((x, i) => !Object.is(x, actual[i]) && !(Math.abs(x - (actual[i] as number)) <= tolerance * scale));
    if (wrong >= 0) return `${output}[${wrong}] is ${actual[wrong]} instead of ${expected[wrong]}`;
  }
  return undefined;
}
