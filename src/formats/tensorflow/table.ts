// Every TensorFlow operator that Pellucid reads, in families.

import { fail } from "../../errors.ts";
import { activationOps } from "./activation.ts";
import { convolutionOps } from "./convolution.ts";
import { croppingOps } from "./cropping.ts";
import { cumulativeOps } from "./cumulative.ts";
import type { TfOp } from "./define.ts";
import { dilationOps } from "./dilation.ts";
import { elementwiseOps } from "./elementwise.ts";
import { fakeQuantizationOps } from "./fake-quantization.ts";
import { foldedOps } from "./folded.ts";
import type { GraphNode } from "./graph-def.ts";
import { indexingOps } from "./indexing.ts";
import { matmulOps } from "./matmul.ts";
import { normalizationOps } from "./normalization.ts";
import { passingOps } from "./passing.ts";
import { poolingOps } from "./pooling.ts";
import { projectionOps } from "./projection.ts";
import { rankingOps } from "./ranking.ts";
import { reductionOps } from "./reduction.ts";
import { refusalOf } from "./refused.ts";
import { resizingOps } from "./resizing.ts";
import { shapingOps } from "./shaping.ts";
import { slicingOps } from "./slicing.ts";
import { spectralOps } from "./spectral.ts";
import { suppressionOps } from "./suppression.ts";

/** Families in the order in which the docs list them. */
export const tfFamilies: Readonly<Record<string, readonly TfOp[]>> = {
  convolution: convolutionOps,
  pooling: poolingOps,
  dilation: dilationOps,
  normalization: normalizationOps,
  matmul: matmulOps,
  activation: activationOps,
  elementwise: elementwiseOps,
  "fake quantization": fakeQuantizationOps,
  reduction: reductionOps,
  shaping: shapingOps,
  slicing: slicingOps,
  indexing: indexingOps,
  ranking: rankingOps,
  suppression: suppressionOps,
  cumulative: cumulativeOps,
  folded: foldedOps,
  resizing: resizingOps,
  cropping: croppingOps,
  projection: projectionOps,
  spectral: spectralOps,
  passing: passingOps,
};

const table = new Map(
  Object.values(tfFamilies)
    .flat()
    .map((op) => [op.op, op]),
);

/** The operator of a node. @throws {UNSUPPORTED_OPERATOR} if it is not known */
export function findTfOp(node: GraphNode): TfOp {
  return table.get(node.op) ?? failOperator(node);
}

function failOperator({ name, op }: GraphNode): never {
  const { why, hint } = refusalOf(op);
  return fail("UNSUPPORTED_OPERATOR", `Operator ${op} of node "${name}" ${why}.`, { hint, details: { node: name, operator: op } });
}
