// Changes of normalizations and Dropout.

import { float, int, readAttrs } from "../attributes.ts";
import type { Node } from "../types.ts";
import { newNode, outputOf, type Rewriter, type Step, without } from "./step.ts";

/** BatchNormalization with `spatial` 0 has statistics for every element: y = (x - mean) / √(var + ε) · scale + b. */
function normalizeElements(node: Node, writer: Rewriter): Node[] {
  const { spatial, epsilon } = readAttrs(node, { spatial: int(1), epsilon: float(1e-5) });
  if (spatial === 1) return [without(node, "spatial")];
  const [x, scale, b, mean, variance] = node.inputs as [string, string, string, string, string];
  const output = outputOf(node);
  const part = (name: string) => writer.unique(`${output}:${name}`);
  const [centered, shifted, deviation, normal, scaled] = [part("centered"), part("variance"), part("deviation"), part("normal"), part("scaled")];
  return [
    newNode("Sub", [x, mean], centered),
    newNode("Add", [variance, writer.constant(`${output}:epsilon`, writer.known(x)?.dtype ?? "float32", [], [epsilon])], shifted),
    newNode("Sqrt", [shifted], deviation),
    newNode("Div", [centered, deviation], normal),
    newNode("Mul", [normal, scale], scaled),
    { ...newNode("Add", [scaled, b], output), name: node.name },
  ];
}

/** The statistics that older forms gave while training. */
function dropStatistics(node: Node): Node[] {
  return [{ ...node, outputs: node.outputs.slice(0, 1) }];
}

/** Scale and bias of every group become those of every channel: [G] → [G, C/G] → [C]. */
function spreadOverChannels(node: Node, writer: Rewriter): Node[] {
  const { num_groups: groups } = readAttrs(node, { num_groups: int(1) });
  const [x, scale, bias] = node.inputs as [string, string, string];
  const output = outputOf(node);
  const part = (name: string) => writer.unique(`${output}:${name}`);
  const [channels, perGroup, spread] = [part("channels"), part("per_group"), part("spread")];
  const count = writer.ints(`${output}:groups`, [groups]);
  const column = writer.ints(`${output}:column`, [groups, 1]);
  const row = writer.ints(`${output}:row`, [-1]);
  const spreadOut = (name: string, as: string) => {
    const [reshaped, expanded, flat] = [part(`${as}_column`), part(`${as}_spread`), part(as)];
    const nodes = [newNode("Reshape", [name, column], reshaped), newNode("Expand", [reshaped, spread], expanded), newNode("Reshape", [expanded, row], flat)];
    return [nodes, flat] as const;
  };
  const [scaleNodes, scales] = spreadOut(scale, "scale");
  const [biasNodes, biases] = spreadOut(bias, "bias");
  return [
    newNode("Shape", [x], channels, { start: { kind: "int", value: 1 }, end: { kind: "int", value: 2 } }),
    newNode("Div", [channels, count], perGroup),
    newNode("Concat", [count, perGroup], spread, { axis: { kind: "int", value: 0 } }),
    ...scaleNodes,
    ...biasNodes,
    { ...node, inputs: [x, scales, biases] },
  ];
}

export const normalizationSteps: readonly Step[] = [
  { since: 9, ops: ["BatchNormalization"], rewrite: normalizeElements },
  { since: 12, ops: ["Dropout"], rewrite: (node) => [without(node, "ratio")] },
  { since: 14, ops: ["BatchNormalization"], rewrite: dropStatistics },
  { since: 21, ops: ["GroupNormalization"], rewrite: spreadOverChannels },
];
