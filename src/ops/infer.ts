// Makes a graph concrete: every input gets a size, every tensor a shape.

import { fail } from "../errors.ts";
import { inlineBranch } from "../graph/branch.ts";
import { type Graph, type Node, nameNode, type ValueInfo, type Weight } from "../graph/types.ts";
import { formatShape, int64, sizeOf } from "../tensor/tensor.ts";
import type { Info } from "./define.ts";
import { hints, inferNode } from "./infer-node.ts";
import { settle } from "./settle.ts";
import { toWeight, weightInfo } from "./weights.ts";

/** A graph whose tensors all have known shapes. */
export interface Concrete {
  readonly graph: Graph;
  readonly infos: ReadonlyMap<string, Info>;
}

/**
 * The graph at concrete input shapes. Inputs without an entry in `shapes` must be concrete themselves, but for symbolic
 * sizes, which become 1. A model that was saved for one batch size runs at others: reshapes that fix the batch are
 * rewritten. Of an If whose condition the shapes decide, the branch that is taken stays.
 *
 * @throws {SHAPE_MISMATCH} if the shapes do not fit the graph
 */
export function concretize(graph: Graph, shapes: Readonly<Record<string, readonly number[]>> = {}): Concrete {
  const infos = new Map<string, Info>();
  for (const [name, weight] of graph.initializers) infos.set(name, weightInfo(weight));
  const inputs = graph.inputs.map((input): ValueInfo => {
    const shape = shapes[input.name] ?? input.shape.map((d) => (typeof d === "number" ? d : 1));
    if (shape.length !== input.shape.length || input.shape.some((d, i) => i > 0 && typeof d === "number" && d !== shape[i])) {
      fail("SHAPE_MISMATCH", `Input "${input.name}" of the model has shape ${formatShape(input.shape)}, not ${formatShape(shape)}.`, {
        hint: "Give it an input of the model's own shape; sizes that the model leaves open are free.",
        details: { input: input.name, wanted: input.shape, given: shape },
      });
    }
    infos.set(input.name, { dtype: input.dtype, shape });
    return { ...input, shape };
  });
  const batch = batchChange(graph, inputs);
  const initializers = new Map(graph.initializers);
  const visit = (node: Node): Node[] => {
    const branch = takenBranch(node, infos);
    if (branch) {
      const inlined = inlineBranch(node, branch);
      for (const [name, weight] of inlined.initializers) {
        initializers.set(name, weight);
        infos.set(name, weightInfo(weight));
      }
      return inlined.nodes.flatMap(visit);
    }
    const fitted = batch ? fitBatch(node, batch, infos, initializers) : node;
    const infoOf = (name: string) => infos.get(name) ?? failUnmade(`${nameNode(node)} reads the tensor "${name}", which nothing before it makes.`);
    const outputs = inferNode(fitted, infoOf);
    fitted.outputs.forEach((name, i) => {
      if (name !== "" && outputs[i]) infos.set(name, outputs[i] as Info);
    });
    return [settle(fitted, infoOf)];
  };
  const nodes = graph.nodes.flatMap(visit);
  const outputs = graph.outputs.map((output) => {
    const info = infos.get(output.name) ?? failUnmade(`The model's output "${output.name}" is made by no node.`);
    return { name: output.name, dtype: info.dtype, shape: info.shape };
  });
  return { graph: { ...graph, nodes, inputs, outputs, initializers }, infos };
}

function failUnmade(message: string): never {
  return fail("BAD_MODEL", message, { hint: hints.BAD_MODEL });
}

/** The branch of an If that is taken, where its condition is known. */
function takenBranch(node: Node, infos: ReadonlyMap<string, Info>): Graph | undefined {
  const condition = node.op === "If" && node.domain === "" ? infos.get(node.inputs[0] ?? "")?.value : undefined;
  const branch = condition && node.attrs[condition[0] ? "then_branch" : "else_branch"];
  return branch?.kind === "graph" ? branch.value : undefined;
}

interface BatchChange {
  readonly from: number;
  readonly to: number;
}

function batchChange(graph: Graph, inputs: readonly ValueInfo[]): BatchChange | undefined {
  const before = graph.inputs[0]?.shape[0];
  const from = typeof before === "number" ? before : 1;
  const to = inputs[0]?.shape[0];
  return typeof to === "number" && to !== from ? { from, to } : undefined;
}

/** A Reshape to a constant shape that starts with the old batch size, rewritten for the new one. */
function fitBatch(node: Node, batch: BatchChange, infos: Map<string, Info>, initializers: Map<string, Weight>): Node {
  if (node.op !== "Reshape") return node;
  const [data, target] = node.inputs.map((name) => infos.get(name));
  if (!data || !target?.value || target.value[0] !== batch.from || data.shape[0] !== batch.to) return node;
  const rest = target.value.slice(1).map((d, i) => (d === 0 ? (data.shape[i + 1] ?? 0) : d));
  const size = rest.reduce((n, d) => n * d, 1);
  if (!rest.includes(-1) && size * batch.to !== sizeOf(data.shape)) return node;
  const name = `${node.outputs[0]}:shape`;
  const weight = toWeight(int64([rest.length + 1], [batch.to, ...rest]));
  initializers.set(name, weight);
  infos.set(name, weightInfo(weight));
  return { ...node, inputs: [node.inputs[0] as string, name] };
}
