// Changes of the operators that move data: attributes that became inputs.

import { float, ints, readAttrs, string } from "../attributes.ts";
import type { Node } from "../types.ts";
import { outputOf, type Rewriter, type Step, withAttrs, without } from "./step.ts";

/** A list attribute as input number `position`. */
function listToInput(name: string, position: number): Step["rewrite"] {
  return (node, writer) => {
    const values = readAttrs(node, { [name]: ints() })[name];
    const plain = without(node, name);
    if (!values) return [plain];
    const inputs = Array.from({ length: position }, (_, i) => node.inputs[i] ?? "");
    return [{ ...plain, inputs: [...inputs, writer.ints(`${outputOf(node)}:${name}`, values)] }];
  };
}

function rewriteSlice(node: Node, writer: Rewriter): Node[] {
  const { starts, ends, axes } = readAttrs(node, { starts: ints([]), ends: ints([]), axes: ints() });
  const output = outputOf(node);
  const limits = [writer.ints(`${output}:starts`, starts), writer.ints(`${output}:ends`, ends.map(atMost))];
  const inputs = [node.inputs[0] ?? "", ...limits, ...(axes ? [writer.ints(`${output}:axes`, axes)] : [])];
  return [{ ...without(node, "starts", "ends", "axes"), inputs }];
}

/** The end of everything, as a number that an int64 holds exactly. */
function atMost(end: number): number {
  return Math.min(end, Number.MAX_SAFE_INTEGER);
}

function rewritePad(node: Node, writer: Rewriter): Node[] {
  const { pads, value } = readAttrs(node, { pads: ints([]), value: float(0) });
  const [x = "", output] = [node.inputs[0], outputOf(node)];
  const dtype = writer.known(x)?.dtype ?? "float32";
  const fill = value === 0 ? [] : [writer.constant(`${output}:value`, dtype, [], [value])];
  return [{ ...without(node, "pads", "value"), inputs: [x, writer.ints(`${output}:pads`, pads), ...fill] }];
}

function rewriteSplit(node: Node): Node[] {
  return node.inputs[1] ? [node] : [withAttrs(node, { num_outputs: { kind: "int", value: node.outputs.length } })];
}

const newGridModes: Readonly<Record<string, string>> = { bilinear: "linear", bicubic: "cubic" };

function rewriteGridSample(node: Node): Node[] {
  const { mode } = readAttrs(node, { mode: string("bilinear") });
  return [withAttrs(node, { mode: { kind: "string", value: newGridModes[mode] ?? mode } })];
}

function rewriteRoiAlign(node: Node): Node[] {
  return [withAttrs(node, { coordinate_transformation_mode: { kind: "string", value: "output_half_pixel" } })];
}

export const movementSteps: readonly Step[] = [
  { since: 10, ops: ["Slice"], rewrite: rewriteSlice },
  { since: 11, ops: ["Pad"], rewrite: rewritePad },
  { since: 11, ops: ["Scatter"], rewrite: (node) => [{ ...node, op: "ScatterElements" }] },
  { since: 13, ops: ["Squeeze", "Unsqueeze"], rewrite: listToInput("axes", 1) },
  { since: 13, ops: ["Split"], rewrite: listToInput("split", 1) },
  { since: 16, ops: ["RoiAlign"], rewrite: rewriteRoiAlign },
  { since: 18, ops: ["Split"], rewrite: rewriteSplit },
  { since: 20, ops: ["GridSample"], rewrite: rewriteGridSample },
];
