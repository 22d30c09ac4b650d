// Outputs and gradients against PyTorch's autograd, at ordinary numbers, at kinks, at ties and far out.
// The files in test/reference/operators are written by tools/reference/operators.py.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AnyOp } from "../../src/ops/define.ts";
import { cpuFeatures } from "../../src/ops/define.ts";
import { findOp } from "../../src/ops/table.ts";
import { float32, type Tensor } from "../../src/tensor/tensor.ts";
import { expectClose } from "./check-case.ts";
import { differentiateCase, otherForms } from "./differentiate-case.ts";
import { type CaseInput, given } from "./inputs.ts";
import { buildCase, type CaseGraph, runGraph } from "./op-case.ts";

/** JSON has no NaN and no infinities: they are strings. */
type Numbers = readonly (number | string)[];

interface ReferenceInput {
  dtype: CaseInput["dtype"];
  shape: number[];
  constant: boolean;
  data: Numbers;
}

interface Reference {
  op: string;
  note: string;
  attrs: Record<string, unknown>;
  inputs: (ReferenceInput | null)[];
  seed: Numbers;
  output: { shape: number[]; data: Numbers };
  gradients: (Numbers | null)[];
}

const folder = new URL("../reference/operators/", import.meta.url);

for (const file of readdirSync(folder)) {
  const references = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Reference[];
  describe(file.replace(".json", ""), () => {
    for (const reference of references) it(`${reference.op}: ${reference.note}`, () => checkReference(reference));
  });
}

async function checkReference(reference: Reference): Promise<void> {
  const { output, gradients } = reference;
  const built = buildReference(reference);
  const results = await runGraph(built.graph, built.feeds);
  expectClose(results.out0 as Tensor, toTensor(output.shape, output.data), "y", TOLERANCE);
  const op = opOf(reference);
  if (op.gradient === "zero") {
    for (const dx of gradients) expect(dx?.every((value) => value === 0) ?? true).toBe(true);
    return;
  }
  const wrt = built.variables.filter((name, i) => name !== undefined && gradients[i]) as string[];
  const seed = toTensor(output.shape, reference.seed);
  for (const features of [cpuFeatures, ...otherForms(built, "out0", wrt)]) {
    const { byInput } = await differentiateCase(built, "out0", wrt, features, seed);
    built.variables.forEach((name, i) => {
      const dx = gradients[i];
      if (!name || !dx) return;
      expectClose(byInput.get(name) as Tensor, toTensor(reference.inputs[i]?.shape ?? [], dx), `d input ${i} with ${JSON.stringify(features)}`, TOLERANCE);
    });
  }
}

/** PyTorch computed in float64 and the files have 7 digits; ours is float32. */
const TOLERANCE = 1e-5;

function buildReference(reference: Reference): CaseGraph {
  const inputs = reference.inputs.map((input) =>
    input ? { ...given(input.shape, input.data.map(Number), input.dtype), constant: input.constant } : undefined,
  );
  return buildCase(opOf(reference), { name: reference.note, attrs: reference.attrs, inputs }, "float32");
}

function opOf({ op }: Reference): AnyOp {
  const domain = op.includes(".") ? op.slice(0, op.lastIndexOf(".")) : "";
  const found = findOp(op.slice(op.lastIndexOf(".") + 1), domain);
  if (!found) throw new Error(`There is no operator ${op}.`);
  return found;
}

function toTensor(shape: readonly number[], numbers: Numbers): Tensor {
  return float32(shape, numbers.map(Number));
}
