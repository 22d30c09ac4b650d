// Back from newer opsets: what they added is written out or left off. Elsewhere they only allow more element types.

import { fail } from "../../errors.ts";
import { float, int, readAttrs } from "../attributes.ts";
import { type Node, nameNode } from "../types.ts";
import { newNode, outputOf, type Rewriter, type Step, without } from "./step.ts";

/** An attribute that did not exist before, left off where it says what was the case before. */
function drop(name: string, ...usual: readonly (number | string)[]): Step["rewrite"] {
  return (node) => {
    const value = node.attrs[name]?.value;
    if (value !== undefined && usual.length > 0 && !usual.includes(value as number | string)) {
      fail("UNSUPPORTED_OPERATOR", `${nameNode(node)} has ${name} ${value}, which opset 21 cannot express.`, {
        hint: "Export the model with opset 21 or below.",
        details: { op: node.op, node: node.name, attribute: name, value },
      });
    }
    return [without(node, name)];
  };
}

/** Swish: y = x · sigmoid(alpha · x). */
function rewriteSwish(node: Node, writer: Rewriter): Node[] {
  const { alpha } = readAttrs(node, { alpha: float(1) });
  const [x = "", output] = [node.inputs[0], outputOf(node)];
  const [scaled, gate] = [writer.unique(`${output}:scaled`), writer.unique(`${output}:gate`)];
  const dtype = writer.known(x)?.dtype ?? "float32";
  return [
    ...(alpha === 1 ? [] : [newNode("Mul", [x, writer.constant(`${output}:alpha`, dtype, [], [alpha])], scaled)]),
    newNode("Sigmoid", [alpha === 1 ? x : scaled], gate),
    { ...newNode("Mul", [x, gate], output), name: node.name },
  ];
}

/** RMSNormalization: y = x / √(mean(x²) + ε) · scale, the mean over the axes from `axis` on. */
function rewriteRmsNormalization(node: Node, writer: Rewriter): Node[] {
  const { axis, epsilon } = readAttrs(node, { axis: int(-1), epsilon: float(1e-5) });
  const [x, scale] = node.inputs as [string, string];
  const output = outputOf(node);
  const { shape, dtype } = writer.known(x) ?? { shape: undefined, dtype: "float32" as const };
  const first = axis < 0 ? axis : axis - (shape?.length ?? failRank(node));
  const axes = Array.from({ length: -first }, (_, i) => first + i);
  const part = (name: string) => writer.unique(`${output}:${name}`);
  const [square, mean, shifted, root, normal] = [part("square"), part("mean"), part("shifted"), part("root"), part("normal")];
  return [
    newNode("Mul", [x, x], square),
    newNode("ReduceMean", [square, writer.ints(`${output}:axes`, axes)], mean),
    newNode("Add", [mean, writer.constant(`${output}:epsilon`, dtype, [], [epsilon])], shifted),
    newNode("Sqrt", [shifted], root),
    newNode("Div", [x, root], normal),
    { ...newNode("Mul", [normal, scale], output), name: node.name },
  ];
}

function failRank(node: Node): never {
  return fail("UNSUPPORTED_OPERATOR", `${nameNode(node)} counts its axes from the front, and the number of axes is not known.`, {
    hint: "Export the model with opset 21 or below.",
    details: { op: node.op, node: node.name },
  });
}

const FLOAT = 1;

/** Applied to graphs of opset `since` and newer. */
export const newerSteps: readonly Step[] = [
  { since: 23, ops: ["DequantizeLinear"], rewrite: drop("output_dtype", 0, FLOAT) },
  { since: 23, ops: ["QuantizeLinear"], rewrite: drop("precision") },
  { since: 23, ops: ["RMSNormalization"], rewrite: rewriteRmsNormalization },
  { since: 24, ops: ["Cast", "CastLike"], rewrite: drop("round_mode") },
  { since: 24, ops: ["Swish"], rewrite: rewriteSwish },
  { since: 27, ops: ["Range"], rewrite: drop("stash_type") },
  { since: 28, ops: ["SpaceToDepth"], rewrite: drop("mode", "DCR") },
];
