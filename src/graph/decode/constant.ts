// Constant nodes as weights.

import { fail } from "../../errors.ts";
import { bytesOf, type DType } from "../../tensor/dtype.ts";
import { fromNumbers } from "../../tensor/tensor.ts";
import type { AttributeProto, NodeProto } from "../proto/onnx.ts";
import type { Weight } from "../types.ts";
import { failContradiction } from "./contradiction.ts";
import type { ExternalFiles } from "./external.ts";
import { decodeTensor, dtypeOf } from "./tensor.ts";

/**
 * The tensor that a Constant node makes; undefined if it makes strings or other elements that are not computed with.
 *
 * @throws {UNSUPPORTED_OPERATOR} if it is sparse @throws {BAD_MODEL} if it has no value
 */
export function constantWeight(node: NodeProto, files: ExternalFiles): Weight | undefined {
  const attribute = node.attribute.find(({ name }) => name?.includes("value"));
  const weight = attribute && denseValue(attribute, files);
  if (weight !== undefined) return weight ?? undefined;
  const name = node.name || node.output[0];
  if (attribute?.name === "sparse_value") {
    fail("UNSUPPORTED_OPERATOR", `The Constant "${name}" is sparse, which is not supported.`, { hint: "Export the model with dense constants." });
  }
  return failContradiction(`The Constant "${name}" has no value.`, { node: node.name, output: node.output[0] });
}

/** The value, null if it cannot be computed with, undefined if there is none. */
function denseValue(attribute: AttributeProto, files: ExternalFiles): Weight | null | undefined {
  const { name, t, f, i, floats, ints } = attribute;
  switch (name) {
    case "value":
      return t && (dtypeOf(t.dataType) ? decodeTensor(t, files) : null);
    case "value_float":
      return numbers("float32", [], [f ?? 0]);
    case "value_int":
      return numbers("int64", [], [i ?? 0]);
    case "value_floats":
      return numbers("float32", [floats.length], floats);
    case "value_ints":
      return numbers("int64", [ints.length], ints);
    case "value_string":
    case "value_strings":
      return null;
    default:
      return undefined;
  }
}

/** The largest int64 that a JavaScript number below it comes near to: "to the end". */
const END = 2 ** 63 - 1024;

function numbers(dtype: DType, shape: readonly number[], values: readonly number[]): Weight {
  return { dtype, shape, data: bytesOf(fromNumbers(dtype, shape, dtype === "int64" ? values.map((v) => Math.min(v, END)) : values).data) };
}
