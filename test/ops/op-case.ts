// One case of an operator, as a graph of one node that ONNX Runtime can run.

import type { ErrorCode } from "../../src/errors.ts";
import { writeAttrs } from "../../src/graph/attributes.ts";
import type { Graph } from "../../src/graph/types.ts";
import type { AnyOp, Info } from "../../src/ops/define.ts";
import { toWeight } from "../../src/ops/weights.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { createSession, type Feeds } from "../../src/runtime/session.ts";
import { isFloat } from "../../src/tensor/dtype.ts";
import { sizeOf, type Tensor } from "../../src/tensor/tensor.ts";
import { type CaseInput, draw, type Precision, seeded } from "./inputs.ts";

export interface OpCase {
  /** What is special about it: "same padding at stride 2". */
  readonly name: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  /** undefined where an optional input is left out. */
  readonly inputs: readonly (CaseInput | undefined)[];
  /** Outputs that the node lists. Default: 1. */
  readonly outputs?: number;
  /** Inputs that the operator is linear in (plus a constant): the adjoint identity holds for them. */
  readonly linear?: readonly number[];
  /** Its inputs are refused with this error. */
  readonly refused?: ErrorCode;
  /** false where constant inputs are not folded (too large, or not needed). */
  readonly folds?: boolean;
  /** false where ONNX Runtime has no kernel for it in half precision. */
  readonly half?: false;
  /** How far the gradient may be from the differences, relative to its norm. */
  readonly tolerance?: number;
}

/** A case as a graph with its feeds. */
export interface CaseGraph {
  readonly graph: Graph;
  readonly feeds: Feeds;
  /** Inferred infos of the node's outputs. */
  readonly infos: readonly Info[];
  /** Names of the fed float inputs, by position; undefined where there is none to differentiate. */
  readonly variables: readonly (string | undefined)[];
  /** The float outputs as one tensor; undefined if there is no float output. */
  readonly of: string | undefined;
}

/** Builds the graph of a case. `constant` makes every input part of the graph. */
export function buildCase(op: AnyOp, opCase: OpCase, precision: Precision, constant = false): CaseGraph {
  const writer = new GraphWriter();
  const random = seeded(1);
  const feeds: Record<string, Tensor> = {};
  const names = opCase.inputs.map((input, i) => {
    if (!input) return "";
    const tensor = draw(input, random, precision);
    if (constant || input.constant) return writer.weight(`in${i}`, toWeight(tensor));
    const name = writer.input(`in${i}`, tensor.dtype, tensor.shape);
    feeds[name] = tensor;
    return name;
  });
  const outputs = Array.from({ length: opCase.outputs ?? 1 }, (_, i) => `out${i}`);
  writer.add({ op: op.type, domain: op.domain ?? "", name: "node", inputs: names, outputs, attrs: writeAttrs(op.attrs, opCase.attrs ?? {}) });
  const infos = outputs.map((name) => writer.info(name));
  const of = joinFloats(writer, outputs);
  const graph = writer.finish(of && !outputs.includes(of) ? [...outputs, of] : outputs);
  const variables = names.map((name, i) => (feeds[name] && opCase.inputs[i]?.dtype === "float" ? name : undefined));
  return { graph: op.domain ? { ...graph, domains: { [op.domain]: 1 } } : graph, feeds, infos, variables, of };
}

/** Several float outputs flattened and joined, so that gradients flow into all of them at once. */
function joinFloats(writer: GraphWriter, outputs: readonly string[]): string | undefined {
  const floats = outputs.filter((name) => isFloat(writer.dtype(name)));
  if (floats.length <= 1) return floats[0];
  return writer.emit(
    "Concat",
    floats.map((name) => writer.reshape(name, [sizeOf(writer.shape(name))])),
    { axis: 0 },
  );
}

/** Runs a graph once. */
export async function runGraph(graph: Graph, feeds: Feeds): Promise<Record<string, Tensor>> {
  return withGraph(graph, (run) => run(feeds));
}

/** A graph loaded for as many runs as `use` makes. */
export async function withGraph<T>(graph: Graph, use: (run: (feeds: Feeds) => Promise<Record<string, Tensor>>) => Promise<T>): Promise<T> {
  const session = await createSession(graph, { threads: 1 });
  try {
    return await use((feeds) => session.run(feeds));
  } finally {
    await session.dispose();
  }
}
