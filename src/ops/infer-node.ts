// Shapes, dtypes and small constant values of one node's outputs.

import { type ErrorCode, fail, isPellucidError, PellucidError } from "../errors.ts";
import { readAttrs } from "../graph/attributes.ts";
import { type Node, nameNode } from "../graph/types.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import type { Info, MaybeInfo } from "./define.ts";
import { refused } from "./refused.ts";
import { findOp } from "./table.ts";
import { KNOWN_VALUES } from "./weights.ts";

/** What to do where a rule knows nothing better. */
export const hints: Partial<Record<ErrorCode, string>> = {
  BAD_MODEL: "Export the model again; onnx.checker.check_model (Python) tells what else is wrong with it.",
  SHAPE_MISMATCH: "Give the input the size that the model was made for; if it has it, export the model again.",
  UNSUPPORTED_OPERATOR: "Export the model with other operators in its place.",
};

/** Infers the outputs of `node`. @throws {UNSUPPORTED_OPERATOR} @throws {SHAPE_MISMATCH} with the node's name. */
export function inferNode(node: Node, infoOf: (name: string) => Info): readonly Info[] {
  const operator = node.domain ? `${node.domain}.${node.op}` : node.op;
  const op =
    findOp(node.op, node.domain) ??
    fail("UNSUPPORTED_OPERATOR", `Operator ${operator} (node "${node.name || node.outputs[0]}") is not supported.`, {
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
    const what = `${nameNode(node)} with inputs ${inputs.map((i) => (i ? formatShape(i.shape) : "none")).join(", ")}`;
    if (isPellucidError(error))
      throw new PellucidError(error.code, `${what}: ${error.message}`, {
        hint: error.hint ?? hints[error.code],
        details: { ...error.details, node: node.name, op: node.op },
        cause: error,
      });
    // Rules read what an input is without asking whether it is there.
    const isShort = error instanceof TypeError;
    const reason = isShort ? "an input that it needs is left out" : `the shapes do not fit (${(error as Error).message})`;
    throw new PellucidError(isShort ? "BAD_MODEL" : "SHAPE_MISMATCH", `${what}: ${reason}.`, {
      hint: hints[isShort ? "BAD_MODEL" : "SHAPE_MISMATCH"],
      details: { node: node.name, op: node.op },
      cause: error,
    });
  }
}

function isKnown(node: Node, inputs: readonly MaybeInfo[]): boolean {
  return node.op === "Shape" || node.op === "Size" || inputs.every((info) => info === undefined || info.value !== undefined);
}
