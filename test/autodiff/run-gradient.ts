// Graphs written by hand, differentiated and run.

import { type GradientOptions, gradient } from "../../src/autodiff/gradient.ts";
import type { Graph } from "../../src/graph/types.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { createSession } from "../../src/runtime/session.ts";
import { float32, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";

/** A graph with the input `x`, written by `write`, which returns the outputs. */
export function graphOf(shape: readonly number[], write: (g: GraphWriter, x: string) => readonly string[]): Graph {
  const g = new GraphWriter();
  return g.finish(write(g, g.input("x", "float32", shape)));
}

export interface Ran {
  /** Gradients in the order of `wrt`, as plain numbers. */
  readonly gradients: readonly (readonly number[])[];
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Differentiates and runs at these values of `x` and the seed. */
export async function runGradient(graph: Graph, options: GradientOptions, x: readonly number[], seed: readonly number[]): Promise<Ran> {
  const made = gradient(graph, options);
  const shapes = new Map(made.graph.inputs.map((input) => [input.name, input.shape as number[]]));
  const session = await createSession(made.graph, { threads: 1 });
  try {
    const feeds = { ...(shapes.has("x") ? { x: float32(shapes.get("x") as number[], x) } : {}), [made.seed]: float32(shapes.get(made.seed) as number[], seed) };
    const outputs = await session.run(feeds);
    return { gradients: made.gradients.map((name) => toNumbers(outputs[name] as Tensor)), outputs };
  } finally {
    await session.dispose();
  }
}
