// What every case is checked for: ONNX Runtime's shapes, differences, the adjoint identity, folded constants.

import { expect } from "vitest";
import type { AnyOp } from "../../src/ops/define.ts";
import { cpuFeatures } from "../../src/ops/define.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { fromNumbers, type Tensor, toFloat32, toNumbers } from "../../src/tensor/tensor.ts";
import { differentiateCase, type Gradients, otherForms } from "./differentiate-case.ts";
import { type Precision, seeded } from "./inputs.ts";
import { buildCase, type CaseGraph, type OpCase, runGraph, withGraph } from "./op-case.ts";

/** Inferred dtypes and shapes are those of ONNX Runtime's outputs. */
export async function checkShapes(op: AnyOp, opCase: OpCase): Promise<void> {
  const { graph, feeds, infos } = buildCase(op, opCase, "float32");
  const results = await runGraph(graph, feeds);
  infos.forEach((info, i) => {
    const real = results[`out${i}`] as Tensor;
    expect({ dtype: info.dtype, shape: info.shape }).toEqual({ dtype: real.dtype, shape: real.shape });
  });
}

/** With constant inputs, `evaluate` gives ONNX Runtime's numbers. */
export async function checkFolding(op: AnyOp, opCase: OpCase): Promise<void> {
  const { graph, infos } = buildCase(op, opCase, "float32", true);
  const real = (await runGraph(graph, {})).out0 as Tensor;
  const value = infos[0]?.value;
  expect(value, "the value of the folded output").toBeDefined();
  expect(value).toHaveLength(real.data.length);
  toNumbers(real).forEach((x, i) => {
    expect(value?.[i]).toBeCloseTo(x, 5);
  });
}

/**
 * Gradients of all float inputs along random directions against central differences. The gradients are computed in
 * float32, the differences in float64 where ONNX Runtime has the kernel.
 */
export async function checkGradients(op: AnyOp, opCase: OpCase, precision: Precision): Promise<void> {
  const built = buildCase(op, opCase, "float32");
  const variables = built.variables.filter((name) => name !== undefined);
  if (!built.of || variables.length === 0) return;
  const all = await differentiateCase(built, built.of, variables, cpuFeatures);
  for (const name of variables) {
    const dx = all.byInput.get(name) as Tensor;
    expect(dx.shape).toEqual(built.feeds[name]?.shape);
    await compareWithDifferences(op, opCase, precision, name, dx, all.seed);
  }
  await checkSingly(built, built.of, variables, all);
  await checkOtherKernels(built, built.of, variables, all);
}

/** Asking for one input's gradient alone skips work but gives the same numbers. */
async function checkSingly(built: CaseGraph, of: string, variables: readonly string[], all: Gradients): Promise<void> {
  if (variables.length < 2) return;
  for (const name of variables) {
    const single = await differentiateCase(built, of, [name], cpuFeatures);
    expectClose(single.byInput.get(name) as Tensor, all.byInput.get(name) as Tensor, `d ${name} alone`);
  }
}

/** The forms of a rule for other kernel sets give the same numbers. */
async function checkOtherKernels(built: CaseGraph, of: string, variables: readonly string[], all: Gradients): Promise<void> {
  for (const features of otherForms(built, of, variables)) {
    const form = await differentiateCase(built, of, variables, features);
    for (const name of variables) expectClose(form.byInput.get(name) as Tensor, all.byInput.get(name) as Tensor, `d ${name} with ${JSON.stringify(features)}`);
  }
}

/** The gradient's constants and casts have the right dtype in a half-precision graph too; its numbers are near those of float32. */
export async function checkHalf(op: AnyOp, opCase: OpCase): Promise<void> {
  const [half, single] = [buildCase(op, opCase, "float16"), buildCase(op, opCase, "float32")];
  const variables = single.variables.filter((name) => name !== undefined);
  if (!half.of || !single.of || variables.length === 0) return;
  const dtype = half.graph.outputs.find((output) => output.name === half.of)?.dtype as DType;
  const expected = await differentiateCase(single, single.of, variables, cpuFeatures);
  const seed = fromNumbers(dtype, expected.seed.shape, toNumbers(expected.seed));
  const actual = await differentiateCase(half, half.of, variables, cpuFeatures, seed);
  for (const name of variables) expectClose(toFloat32(actual.byInput.get(name) as Tensor), expected.byInput.get(name) as Tensor, `d ${name} in float16`, 2e-2);
}

/** ⟨A(x) − A(0), s⟩ = ⟨x, Aᵀs⟩ for the inputs that the operator is linear in. */
export async function checkAdjoint(op: AnyOp, opCase: OpCase): Promise<void> {
  const built = buildCase(op, opCase, "float32");
  for (const i of opCase.linear ?? []) {
    const name = built.variables[i];
    if (!name || !built.of) throw new Error(`Input ${i} of "${opCase.name}" is no variable.`);
    const { seed, byInput } = await differentiateCase(built, built.of, [name], cpuFeatures);
    const x = built.feeds[name] as Tensor;
    const [ax, a0] = await outputsAt(
      built,
      built.of,
      [x, fromNumbers(x.dtype, x.shape, new Array<number>(x.data.length).fill(0))].map((t) => ({ ...built.feeds, [name]: t })),
    );
    const dx = byInput.get(name) as Tensor;
    const left = dot(ax as Tensor, seed) - dot(a0 as Tensor, seed);
    expectNear(left, dot(x, dx), 1e-5 * (norm(x) * norm(dx) + norm(ax as Tensor) * norm(seed)), `the adjoint identity of ${name}`);
  }
}

/** An operator whose gradient is said to be zero is flat where its inputs are floats. */
export async function checkFlat(op: AnyOp, opCase: OpCase, precision: Precision): Promise<void> {
  const built = buildCase(op, opCase, "float32");
  const of = built.of;
  if (!of) return;
  const seed = (await runGraph(built.graph, built.feeds))[of] as Tensor;
  for (const name of built.variables) {
    const x = name && built.feeds[name];
    if (x) await compareWithDifferences(op, opCase, precision, name, fromNumbers("float32", x.shape, new Array<number>(x.data.length).fill(0)), seed);
  }
}

const DIRECTIONS = 3;

/** ⟨dx, v⟩ = (8 (L(x+hv) − L(x−hv)) − (L(x+2hv) − L(x−2hv))) / 12h for directions v of ±1, L = ⟨seed, y⟩. */
async function compareWithDifferences(op: AnyOp, opCase: OpCase, precision: Precision, name: string, dx: Tensor, seed: Tensor): Promise<void> {
  const built = buildCase(op, opCase, precision);
  const x = built.feeds[name] as Tensor;
  const h = precision === "float64" ? 1e-4 : 2e-2;
  const tolerance = opCase.tolerance ?? (precision === "float64" ? 2e-5 : 5e-4);
  const random = seeded(3);
  for (let k = 0; k < DIRECTIONS; k++) {
    const v = toNumbers(x).map(() => (random() < 0.5 ? -1 : 1));
    const points = [h, -h, 2 * h, -2 * h].map((step) => ({ ...built.feeds, [name]: shifted(x, v, step) }));
    const losses = (await outputsAt(built, built.of as string, points)).map((y) => dot(y, seed)) as [number, number, number, number];
    const numeric = (8 * (losses[0] - losses[1]) - (losses[2] - losses[3])) / (12 * h);
    const analytic = toNumbers(dx).reduce((sum, d, i) => sum + d * (v[i] as number), 0);
    expectNear(analytic, numeric, tolerance * (norm(dx) + 1e-2 * norm(seed)), `the gradient of ${name} along a random direction`);
  }
}

async function outputsAt(built: CaseGraph, of: string, points: readonly Feeds[]): Promise<Tensor[]> {
  return withGraph(built.graph, async (run) => {
    const results: Tensor[] = [];
    for (const feeds of points) results.push((await run(feeds))[of] as Tensor);
    return results;
  });
}

function shifted(x: Tensor, v: readonly number[], step: number): Tensor {
  return fromNumbers(
    x.dtype,
    x.shape,
    toNumbers(x).map((value, i) => value + step * (v[i] as number)),
  );
}

function dot(a: Tensor, b: Tensor): number {
  const [x, y] = [toNumbers(a), toNumbers(b)];
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
}

function norm(t: Tensor): number {
  return Math.sqrt(dot(t, t));
}

function expectNear(actual: number, expected: number, allowed: number, what: string): void {
  const off = Math.abs(actual - expected);
  expect(off <= allowed, `${what}: ${actual} instead of ${expected} (off by ${off}, allowed ${allowed})`).toBe(true);
}

/** Every element within `tolerance` of the largest finite one; NaN and infinities in the same places. */
export function expectClose(actual: Tensor, expected: Tensor, what: string, tolerance = 2e-6): void {
  expect(actual.shape, what).toEqual(expected.shape);
  const [x, y] = [toNumbers(actual), toNumbers(expected)];
  const scale = y.filter(Number.isFinite).reduce((max, value) => Math.max(max, Math.abs(value)), 1e-2);
  x.forEach((value, i) => {
    if (Object.is(value, y[i])) return;
    expectNear(value, y[i] as number, tolerance * scale, `${what}, element ${i}`);
  });
}
