// Every operator that Pellucid knows, by domain and type: one explicit table, in families.

import { activations } from "./activation.ts";
import { binaries } from "./binary.ts";
import { convolutions } from "./convolution.ts";
import type { AnyOp } from "./define.ts";
import { indexings } from "./indexing.ts";
import { logics } from "./logic.ts";
import { matmuls } from "./matmul.ts";
import { movements } from "./movement.ts";
import { normalizations } from "./normalization.ts";
import { poolings } from "./pooling.ts";
import { quantizations } from "./quantization.ts";
import { recurrents } from "./recurrent.ts";
import { reductions } from "./reduction.ts";
import { resizings } from "./resizing.ts";
import { shapings } from "./shaping.ts";
import { unaries } from "./unary.ts";

/** Families in the order in which the docs list them. */
export const families: Readonly<Record<string, readonly AnyOp[]>> = {
  convolution: convolutions,
  pooling: poolings,
  normalization: normalizations,
  matmul: matmuls,
  activation: activations,
  unary: unaries,
  binary: binaries,
  logic: logics,
  reduction: reductions,
  movement: movements,
  resizing: resizings,
  indexing: indexings,
  shaping: shapings,
  quantization: quantizations,
  recurrent: recurrents,
};

const table = new Map(
  Object.values(families)
    .flat()
    .map((op) => [`${op.domain ?? ""}:${op.type}`, op] as const),
);

/** The operator's name, with its domain if that is not the standard one: `com.microsoft.Gelu`. */
export function operatorName({ type, domain }: Pick<AnyOp, "type" | "domain">): string {
  return domain ? `${domain}.${type}` : type;
}

/** The operator's entry, or undefined if it is not known. */
export function findOp(type: string, domain = ""): AnyOp | undefined {
  return table.get(`${domain === "ai.onnx" ? "" : domain}:${type}`);
}
