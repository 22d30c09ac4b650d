// Matrix products.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import { applyFused } from "./fused.ts";
import type { NodeWriter } from "./node-writer.ts";

/** a · b of two matrices, either transposed by an attribute. */
function matMul(w: NodeWriter): Value {
  const operands = [w.own(w.input(0)), w.own(w.input(1))];
  return { tensor: w.emit("Gemm", operands, { transA: Number(w.flag("transpose_a")), transB: Number(w.flag("transpose_b")) }) };
}

/** a · b of stacks of matrices; `adj_x` and `adj_y` transpose the last two axes. */
function batchMatMul(w: NodeWriter): Value {
  const operand = (i: number, flag: string) => {
    const tensor = w.own(w.input(i));
    const rank = w.graphShape(tensor).length;
    const order = Array.from({ length: rank }, (_, axis) => axis);
    return w.flag(flag) ? w.transpose(tensor, [...order.slice(0, -2), rank - 1, rank - 2]) : tensor;
  };
  return { tensor: w.emit("MatMul", [operand(0, "adj_x"), operand(1, "adj_y")]) };
}

export const matmulOps: readonly TfOp[] = [
  { op: "MatMul", emit: matMul },
  { op: "_FusedMatMul", emit: (w) => applyFused(w, matMul(w), 2) },
  { op: "BatchMatMul", emit: batchMatMul },
  { op: "BatchMatMulV2", emit: batchMatMul },
  { op: "BatchMatMulV3", emit: batchMatMul },
  {
    op: "Einsum",
    emit: (w) => ({
      tensor: w.emit(
        "Einsum",
        w.inputs.map((input) => w.own(input)),
        { equation: w.text("equation", "") },
      ),
    }),
  },
];
