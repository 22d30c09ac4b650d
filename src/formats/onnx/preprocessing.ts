// What a model does to its pictures before the first convolution: if it scales them itself, they go in as they are.

import { isRegion, type Node, type Weight } from "../../graph/types.ts";
import { viewAs } from "../../tensor/dtype.ts";
import { type Tensor, toNumbers } from "../../tensor/tensor.ts";
import type { ModelInput, PreprocessingGuess } from "../loaded-model.ts";
import type { Flow } from "./flow.ts";

/** The preprocessing that a model's leading Sub, Mul and Div leave to do, if they are there and clear. */
export function guessPreprocessing(input: ModelInput, flow: Flow): PreprocessingGuess | undefined {
  const { scale, shift, nodes } = leadingAffine(input.name, flow);
  if (nodes.length === 0) return undefined;
  const reason = `${nodes.map((node) => `${node.op} "${node.name || node.outputs[0]}"`).join(" and ")} before the first layer`;
  const gain = mean(scale);
  // Pictures of 0…255 are brought to about ±1 or 0…1 by dividing, or to about ±128 by a mean alone.
  if (gain < 0.05 || (gain === 1 && mean(shift) < -50)) return isBgr(shift, scale) ? undefined : { preset: "raw", reason };
  return gain > 1.5 ? { preset: "unit", reason } : undefined;
}

interface Affine {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
  readonly nodes: readonly Node[];
}

/** The composition scale · x + shift of the elementwise nodes behind the input, one value or one for every channel. */
function leadingAffine(input: string, flow: Flow): Affine {
  let affine: Affine = { scale: [1], shift: [0], nodes: [] };
  let tensor = input;
  for (;;) {
    const [node, ...others] = flow.readers(tensor);
    if (!node || others.length > 0) return affine;
    if (node.op !== "Cast" && node.op !== "Identity" && node.op !== "Transpose") {
      const next = compose(affine, node, tensor, flow);
      if (!next) return affine;
      affine = next;
    }
    tensor = node.outputs[0] as string;
  }
}

function compose({ scale, shift, nodes }: Affine, node: Node, tensor: string, flow: Flow): Affine | undefined {
  const constant = node.inputs.find((name) => name !== tensor);
  const values = constant === undefined ? undefined : channelValues(flow.graph.initializers.get(constant));
  if (!values || node.inputs.length !== 2) return undefined;
  const all = [...nodes, node];
  switch (node.op) {
    case "Mul":
      return { scale: each(scale, values, (a, v) => a * v), shift: each(shift, values, (b, v) => b * v), nodes: all };
    case "Div":
      return node.inputs[0] === tensor ? { scale: each(scale, values, (a, v) => a / v), shift: each(shift, values, (b, v) => b / v), nodes: all } : undefined;
    case "Add":
      return { scale, shift: each(shift, values, (b, v) => b + v), nodes: all };
    case "Sub":
      return node.inputs[0] === tensor ? { scale, shift: each(shift, values, (b, v) => b - v), nodes: all } : undefined;
    default:
      return undefined;
  }
}

/** One number, or one for each of a few channels. */
function channelValues(weight: Weight | undefined): readonly number[] | undefined {
  if (!weight || isRegion(weight.data)) return undefined;
  const values = toNumbers({ dtype: weight.dtype, shape: weight.shape, data: viewAs(weight.dtype, weight.data) } as Tensor);
  return values.length === 1 || values.length === 3 ? values : undefined;
}

function each(a: readonly number[], b: readonly number[], combine: (x: number, y: number) => number): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => combine(a[a.length === 1 ? 0 : i] as number, b[b.length === 1 ? 0 : i] as number));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** Whether the means stand in the order blue, green, red: ImageNet's are 104, 117 and 124. */
function isBgr(shift: readonly number[], scale: readonly number[]): boolean {
  const means = each(shift, scale, (b, a) => -b / a);
  return means.length === 3 && (means[0] as number) < (means[2] as number) - 5;
}
