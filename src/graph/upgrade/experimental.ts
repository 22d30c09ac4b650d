// Operators that opsets 7 to 9 had on trial, as CoreML and WinML converters wrote them.

import { float, floats, ints, readAttrs } from "../attributes.ts";
import type { Node } from "../types.ts";
import { newNode, outputOf, type Rewriter, type Step, withAttrs, without } from "./step.ts";

/** ImageScaler: y = scale · x + bias, a bias for every channel. */
function rewriteImageScaler(node: Node, writer: Rewriter): Node[] {
  const { scale, bias } = readAttrs(node, { scale: float(1), bias: floats([]) });
  return scaleAndShift(node, writer, scale, [bias.length, 1, 1], bias);
}

/** Affine: y = alpha · x + beta. */
function rewriteAffine(node: Node, writer: Rewriter): Node[] {
  const { alpha, beta } = readAttrs(node, { alpha: float(1), beta: float(0) });
  return scaleAndShift(node, writer, alpha, [], [beta]);
}

function scaleAndShift(node: Node, writer: Rewriter, scale: number, shape: readonly number[], shift: readonly number[]): Node[] {
  const output = outputOf(node);
  const scaled = writer.unique(`${output}:scaled`);
  return [
    newNode("Mul", [node.inputs[0] ?? "", writer.constant(`${output}:scale`, "float32", [], [scale])], scaled),
    { ...newNode("Add", [scaled, writer.constant(`${output}:shift`, "float32", shape, shift)], output), name: node.name },
  ];
}

/** ScaledTanh: y = alpha · tanh(beta · x). */
function rewriteScaledTanh(node: Node, writer: Rewriter): Node[] {
  const { alpha, beta } = readAttrs(node, { alpha: float(1), beta: float(1) });
  return scaledActivation(node, writer, "Tanh", alpha, beta);
}

/** ParametricSoftplus: y = alpha · log(1 + exp(beta · x)). */
function rewriteParametricSoftplus(node: Node, writer: Rewriter): Node[] {
  const { alpha, beta } = readAttrs(node, { alpha: float(1), beta: float(1) });
  return scaledActivation(node, writer, "Softplus", alpha, beta);
}

function scaledActivation(node: Node, writer: Rewriter, op: string, outer: number, inner: number): Node[] {
  const output = outputOf(node);
  const [scaled, active] = [writer.unique(`${output}:scaled`), writer.unique(`${output}:active`)];
  return [
    newNode("Mul", [node.inputs[0] ?? "", writer.constant(`${output}:beta`, "float32", [], [inner])], scaled),
    newNode(op, [scaled], active),
    { ...newNode("Mul", [active, writer.constant(`${output}:alpha`, "float32", [], [outer])], output), name: node.name },
  ];
}

/** Crop: `border` [left, top, right, bottom] cut off, or `scale` [height, width] kept from its left and top on. */
function rewriteCrop(node: Node): Node[] {
  const { border, scale } = readAttrs(node, { border: ints([0, 0, 0, 0]), scale: ints() });
  const [left, top, right, bottom] = border as [number, number, number, number];
  const ends = scale ? [top + (scale[0] as number), left + (scale[1] as number)] : [endBefore(bottom), endBefore(right)];
  const limits = { starts: { kind: "ints", value: [top, left] }, ends: { kind: "ints", value: ends }, axes: { kind: "ints", value: [2, 3] } } as const;
  return [withAttrs({ ...without(node, "border", "scale"), op: "Slice" }, limits)];
}

function endBefore(border: number): number {
  return border === 0 ? Number.MAX_SAFE_INTEGER : -border;
}

export const experimentalSteps: readonly Step[] = [
  { since: 10, ops: ["ImageScaler"], rewrite: rewriteImageScaler },
  { since: 10, ops: ["Affine"], rewrite: rewriteAffine },
  { since: 10, ops: ["ScaledTanh"], rewrite: rewriteScaledTanh },
  { since: 10, ops: ["ParametricSoftplus"], rewrite: rewriteParametricSoftplus },
  { since: 9, ops: ["Crop"], rewrite: rewriteCrop },
];
