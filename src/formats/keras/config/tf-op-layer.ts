// TensorFlowOpLayer, as tf.keras up to TensorFlow 2.3 keeps an operation between layers: a node of TensorFlow's graph, and
// the operands that are constants by their place.

import { type Argument, type Call, isObject, type Json, type JsonObject, parseJson } from "../ir.ts";

/** The name of the operation: `AddV2`. */
export function tensorFlowOp({ node_def: node }: JsonObject): string {
  const definition = typeof node === "string" ? parseJson(node, "A TensorFlowOpLayer's node_def") : (node ?? null);
  return isObject(definition) && typeof definition.op === "string" ? definition.op : "unknown";
}

/** The call with its constants put between the tensors. */
export function withConstants(call: Call, constants: Json | undefined): Call {
  const tensors = call.args.flatMap((argument) => (argument.kind === "list" ? argument.items : [argument]));
  const args: Argument[] = [...tensors];
  if (isObject(constants)) {
    for (const place of Object.keys(constants)
      .map(Number)
      .sort((a, b) => a - b))
      args.splice(place, 0, { kind: "value", value: constants[place] ?? null });
  }
  return { args, kwargs: {} };
}
