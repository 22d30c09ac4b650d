// What graph optimizers append to a convolution or a matrix product: bias, batch normalization, an activation.

import { lookUp } from "../json.ts";
import type { Value } from "../keras/layers/value.ts";
import { activations } from "./activation.ts";
import { textsAttr } from "./attributes.ts";
import { addBias, normalizeBatch, prelu } from "./channelwise.ts";
import type { NodeWriter } from "./node-writer.ts";

/** Applies `fused_ops` in their order; their arguments are the inputs from `next` on. @throws {UNSUPPORTED_OPERATOR} */
export function applyFused(w: NodeWriter, value: Value, next: number): Value {
  let [x, argument] = [value, next];
  for (const op of textsAttr(w.node, "fused_ops")) {
    const count = lookUp(argumentCounts, op) ?? 0;
    x = writeFused(w, op, x, argument);
    argument += count;
  }
  return x;
}

/** Inputs that a fused operator takes; activations take none. */
const argumentCounts: Readonly<Record<string, number>> = { BiasAdd: 1, FusedBatchNorm: 4, Prelu: 1 };

/** What TensorFlow's optimizer for CPUs makes of several operators, and has as no operator of its own. */
const fusedOnly: Readonly<Record<string, (w: NodeWriter, x: string) => string>> = {
  _FusedHardSwish: (w, x) => w.emit("HardSwish", [x]),
  GeluExact: (w, x) => w.emit("Gelu", [x]),
  GeluApproximate: (w, x) => w.emit("Gelu", [x], { approximate: "tanh" }),
};

function writeFused(w: NodeWriter, op: string, x: Value, argument: number): Value {
  if (op === "BiasAdd") return addBias(w, x, w.input(argument));
  if (op === "FusedBatchNorm") return normalizeBatch(w, x, argument);
  if (op === "Prelu") return prelu(w, x, w.input(argument));
  const activation = lookUp(activations, op) ?? lookUp(fusedOnly, op) ?? w.fail("UNSUPPORTED_OPERATOR", `is fused with ${op}`);
  return { ...x, tensor: activation(w, x.tensor) };
}
