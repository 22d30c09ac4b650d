// Runs the gradient graph of a case.

import { gradient } from "../../src/autodiff/gradient.ts";
import { cpuFeatures, type Features, webgpuFeatures } from "../../src/ops/define.ts";
import { fromNumbers, sizeOf, type Tensor } from "../../src/tensor/tensor.ts";
import { gaussian, seeded } from "./inputs.ts";
import { type CaseGraph, runGraph } from "./op-case.ts";

/** Kernel sets other than ONNX Runtime's CPU kernels that rules must have a form for. */
const otherKernels: readonly Features[] = [webgpuFeatures];

/** Gradients by the name of the input, and the seed they belong to. */
export interface Gradients {
  readonly seed: Tensor;
  readonly byInput: ReadonlyMap<string, Tensor>;
}

/** Gradients of Σ seed · `of`. Without a seed, it is normal numbers. */
export async function differentiateCase(built: CaseGraph, of: string, wrt: readonly string[], features: Features, seed?: Tensor): Promise<Gradients> {
  const { graph, seed: seedName, gradients } = gradient(built.graph, { of, wrt, features });
  const values = seed ?? normalLike(built, of);
  const results = await runGraph(graph, { ...built.feeds, [seedName]: values });
  return { seed: values, byInput: new Map(wrt.map((name, i) => [name, results[gradients[i] as string] as Tensor])) };
}

/** The other kernel sets for which the gradient is written differently. */
export function otherForms(built: CaseGraph, of: string, wrt: readonly string[]): Features[] {
  const nodes = (features: Features) => JSON.stringify(gradient(built.graph, { of, wrt, features }).graph.nodes);
  const usual = nodes(cpuFeatures);
  return otherKernels.filter((features) => nodes(features) !== usual);
}

function normalLike(built: CaseGraph, of: string): Tensor {
  const output = built.graph.outputs.find((info) => info.name === of);
  if (!output) throw new Error(`"${of}" is no output of the case's graph.`);
  const shape = output.shape as number[];
  const random = seeded(2);
  return fromNumbers(
    output.dtype,
    shape,
    Array.from({ length: sizeOf(shape) }, () => gaussian(random)),
  );
}
