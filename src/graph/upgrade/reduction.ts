// Changes of reductions: axes and counts became inputs.

import { int, ints, readAttrs } from "../attributes.ts";
import type { Node } from "../types.ts";
import { outputOf, type Rewriter, type Step, without } from "./step.ts";

function axesToInput(node: Node, writer: Rewriter): Node[] {
  const { axes } = readAttrs(node, { axes: ints() });
  const [x = ""] = node.inputs;
  return [{ ...without(node, "axes"), inputs: axes?.length ? [x, writer.ints(`${outputOf(node)}:axes`, axes)] : [x] }];
}

function countToInput(node: Node, writer: Rewriter): Node[] {
  const { k } = readAttrs(node, { k: int(1) });
  return [{ ...without(node, "k"), inputs: [node.inputs[0] ?? "", writer.ints(`${outputOf(node)}:k`, [k])] }];
}

export const reductionSteps: readonly Step[] = [
  { since: 10, ops: ["TopK"], rewrite: countToInput },
  { since: 13, ops: ["ReduceSum"], rewrite: axesToInput },
  {
    since: 18,
    ops: ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"],
    rewrite: axesToInput,
  },
];
