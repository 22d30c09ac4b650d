// Changes of Resize, and of Upsample, which became it.

import { sizeOf } from "../../tensor/tensor.ts";
import { floats, readAttrs } from "../attributes.ts";
import type { Node } from "../types.ts";
import { outputOf, type Rewriter, type Step, withAttrs, without } from "./step.ts";

function scalesToInput(node: Node, writer: Rewriter): Node[] {
  const { scales } = readAttrs(node, { scales: floats([]) });
  const name = writer.constant(`${outputOf(node)}:scales`, "float32", [scales.length], scales);
  return [{ ...without(node, "scales"), inputs: [node.inputs[0] ?? "", name] }];
}

/** Until opset 10 Resize knew one way to map coordinates: x / scale, rounded down. */
function sayCoordinates(node: Node): Node[] {
  const [x = "", scales = ""] = node.inputs;
  const attrs = {
    coordinate_transformation_mode: { kind: "string", value: "asymmetric" },
    nearest_mode: { kind: "string", value: "floor" },
  } as const;
  return [{ ...withAttrs(node, attrs), inputs: [x, "", scales] }];
}

/** Exporters give empty tensors for what they leave out. */
function dropEmptyInputs(node: Node, writer: Rewriter): Node[] {
  const isEmpty = (name: string) => {
    const weight = writer.weight(name);
    return weight !== undefined && sizeOf(weight.shape) === 0;
  };
  const inputs = node.inputs.map((name, i) => (i > 0 && isEmpty(name) ? "" : name));
  return [{ ...node, inputs: inputs.slice(0, inputs.findLastIndex((name) => name !== "") + 1) }];
}

export const resizingSteps: readonly Step[] = [
  { since: 9, ops: ["Upsample"], rewrite: scalesToInput },
  { since: 10, ops: ["Upsample"], rewrite: (node) => [{ ...node, op: "Resize" }] },
  { since: 11, ops: ["Resize"], rewrite: sayCoordinates },
  { since: Number.POSITIVE_INFINITY, ops: ["Resize"], rewrite: dropEmptyInputs },
];
