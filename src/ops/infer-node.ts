// Shapes, dtypes and small constant values of one node's outputs.

import { fail, isPellucidError, PellucidError } from "../errors.ts";
import { readAttrs } from "../graph/attributes.ts";
import type { Node } from "../graph/types.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import type { Info, MaybeInfo } from "./define.ts";
import { refused } from "./refused.ts";
import { findOp } from "./table.ts";
import { KNOWN_VALUES } from "./weights.ts";

/** Infers the outputs of `node`. @throws {UNSUPPORTED_OPERATOR} @throws {SHAPE_MISMATCH} with the node's name. */
export function inferNode(node: Node, infoOf: (name: string) => Info): readonly Info[] {
  const op =
    findOp(node.op, node.domain) ??
    fail("UNSUPPORTED_OPERATOR", `Operator ${node.domain ? `${node.domain}.` : ""}${node.op} (node "${node.name}") is not supported.`, {
      hint: (!node.domain && refused[node.op]) || "Export the model with standard ONNX operators, or open an issue that names the operator.",
      details: { op: node.op, domain: node.domain, node: node.name },
    });
  const inputs: MaybeInfo[] = node.inputs.map((name) => (name === "" ? undefined : infoOf(name)));
  try {
    const attrs = readAttrs(node, op.attrs);
    const infos = op.shape(inputs, attrs, node.outputs.length);
    const first = infos[0];
    if (!first || !op.evaluate || !isKnown(node, inputs) || sizeOf(first.shape) > KNOWN_VALUES) return infos;
    const value = op.evaluate(inputs, attrs);
    return value ? [{ ...first, value }, ...infos.slice(1)] : infos;
  } catch (error) {
    const what = `${node.op} "${node.name}" with inputs ${inputs.map((i) => (i ? formatShape(i.shape) : "none")).join(", ")}`;
    if (isPellucidError(error))
      throw new PellucidError(error.code, `${what}: ${error.message}`, {
        hint: error.hint,
        details: { ...error.details, node: node.name, op: node.op },
        cause: error,
      });
    throw new PellucidError("SHAPE_MISMATCH", `${what}: the shapes do not fit (${(error as Error).message}).`, {
      details: { node: node.name, op: node.op },
      cause: error,
    });
  }
}

function isKnown(node: Node, inputs: readonly MaybeInfo[]): boolean {
  return node.op === "Shape" || node.op === "Size" || inputs.every((info) => info === undefined || info.value !== undefined);
}
