// Every operator with a gradient, forward and backward on WebGPU in a real browser, against ONNX Runtime's CPU kernels in
// Node. The cases are those of test/ops; vitest.config.ts lets them hand their tables to collect-family.ts.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/gradient.ts";
import { encodeOnnx } from "../../src/graph/encode.ts";
import type { Graph } from "../../src/graph/types.ts";
import { featuresOf } from "../../src/methods/features.ts";
import type { AnyOp } from "../../src/ops/define.ts";
import { families } from "../../src/ops/table.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import { fromNumbers, sizeOf, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { gaussian, seeded } from "../ops/inputs.ts";
import { buildCase, type OpCase, runGraph } from "../ops/op-case.ts";
import { noChromium } from "./chromium.ts";
import { collected } from "./collect-family.ts";
import { type LibraryPage, openLibraryPage } from "./library-page.ts";
import type { CaseResult, SentCase } from "./page/run-cases.ts";

await Promise.all(Object.values(import.meta.glob("../ops/*.test.ts")).map((load) => load()));

interface Prepared {
  readonly name: string;
  readonly graph: Graph;
  readonly feeds: Feeds;
}

describe.skipIf(noChromium)("on WebGPU", () => {
  let opened: LibraryPage;
  const partly = new Map<string, number>();
  beforeAll(async () => {
    opened = await openLibraryPage();
  }, 120_000);
  afterAll(() => opened?.close());

  for (const [family, table] of collected) {
    describe(family, () => {
      for (const op of families[family] ?? []) {
        const cases = table[op.domain ? `${op.domain}.${op.type}` : op.type];
        if (typeof op.gradient !== "function" || !Array.isArray(cases)) continue;
        it(op.type, async () => checkOperator(op, cases as OpCase[]));
      }
    });
  }

  async function checkOperator(op: AnyOp, cases: readonly OpCase[]): Promise<void> {
    const prepared = cases.filter(({ refused }) => !refused).flatMap((opCase) => prepare(op, opCase));
    const results = await opened.page.evaluate((sent) => globalThis.library.runCases(sent, "webgpu"), prepared.map(send));
    partly.set(op.type, results.filter(({ whole }) => !whole).length);
    for (const [i, result] of results.entries()) await compare(prepared[i] as Prepared, result);
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
  return [{ name: opCase.name, graph, feeds: { ...built.feeds, [seed]: fromNumbers(dtype, shape as number[], numbers) } }];
}

function send({ graph, feeds }: Prepared): SentCase {
  const asText = ({ dtype, shape, data }: Tensor) => ({ dtype, shape, data: Array.from(data as Float32Array, String) });
  return {
    onnx: Buffer.from(encodeOnnx(graph)).toString("base64"),
    feeds: Object.fromEntries(graph.inputs.map(({ name }) => [name, asText(feeds[name] as Tensor)])),
  };
}

/** Every number within 1e-4 of the largest of its tensor. */
async function compare({ name, graph, feeds }: Prepared, { outputs, error }: CaseResult): Promise<void> {
  expect(error, name).toBeUndefined();
  for (const [output, tensor] of Object.entries(await runGraph(graph, feeds))) {
    const [actual, expected] = [(outputs[output] ?? []).map(Number), toNumbers(tensor)];
    expect(actual.length, `${name}: ${output}`).toBe(expected.length);
    const scale = expected.filter(Number.isFinite).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-2);
    const wrong = expected.findIndex((x, i) => !Object.is(x, actual[i]) && !(Math.abs(x - (actual[i] as number)) <= 1e-4 * scale));
    expect(wrong < 0 || `${name}: ${output}[${wrong}] is ${actual[wrong]} instead of ${expected[wrong]}`).toBe(true);
  }
}
