// Where PyTorch and TensorFlow differ, or ONNX has no counterpart there: the conventions that Pellucid keeps.

import { expect, it } from "vitest";
import type { AnyOp } from "../../src/ops/define.ts";
import { cpuFeatures } from "../../src/ops/define.ts";
import { findOp } from "../../src/ops/table.ts";
import { float32, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { differentiateCase } from "./differentiate-case.ts";
import { type CaseInput, given } from "./inputs.ts";
import { buildCase } from "./op-case.ts";

/** Gradients of every input, for a seed of 1, 2, 3 … */
async function gradientsOf(type: string, inputs: readonly CaseInput[], attrs: Readonly<Record<string, unknown>> = {}): Promise<number[][]> {
  const built = buildCase(findOp(type) as AnyOp, { name: type, inputs, attrs }, "float32");
  const wrt = built.variables.filter((name) => name !== undefined);
  const shape = built.graph.outputs[0]?.shape as number[];
  const seed = float32(
    shape,
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => i + 1),
  );
  const { byInput } = await differentiateCase(built, "out0", wrt, cpuFeatures, seed);
  return wrt.map((name) => toNumbers(byInput.get(name) as Tensor));
}

it.each(["Max", "Min"])("%s gives ties to the first input, as TensorFlow", async (type) => {
  const tie = given([2], [3, -1]);
  expect(await gradientsOf(type, [tie, tie, tie])).toEqual([
    [1, 2],
    [0, 0],
    [0, 0],
  ]);
});

it("Max gives ties of a broadcast input to the first", async () => {
  expect(await gradientsOf("Max", [given([3], [0, 1, -1]), given([], [0])])).toEqual([[1, 2, 0], [3]]);
});

it.each([1, 2])("LpNormalization with p = %i passes nothing where all elements are 0", async (p) => {
  expect(await gradientsOf("LpNormalization", [given([1, 2], [0, 0])], { p })).toEqual([[0, 0]]);
});
