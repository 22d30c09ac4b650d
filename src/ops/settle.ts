// Attributes in a form that ONNX Runtime runs, where it does not run, or misjudges the shape of, every form that ONNX has.

import { readAttrs, writeAttrs } from "../graph/attributes.ts";
import type { Node } from "../graph/types.ts";
import type { Info, MaybeInfo } from "./define.ts";
import { findOp } from "./table.ts";

/** The node, its attributes settled for the shapes of its inputs; itself where nothing changes. */
export function settle(node: Node, infoOf: (name: string) => Info): Node {
  const op = findOp(node.op, node.domain);
  if (!op?.settle) return node;
  const inputs: MaybeInfo[] = node.inputs.map((name) => (name === "" ? undefined : infoOf(name)));
  const changed = op.settle(inputs, readAttrs(node, op.attrs), node.outputs.length);
  return changed ? { ...node, attrs: { ...node.attrs, ...writeAttrs(op.attrs, changed) } } : node;
}
