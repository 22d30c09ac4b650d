// Matrix products.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import { applyFused } from "./fused.ts";
import type { NodeWriter } from "./node-writer.ts";

/** a · b of two matrices, either transposed by an attribute. */
function matMul(w: NodeWriter): Value {
  const operands = [w.own(w.input(0)), w.own(w.input(1))];
  // ONNX Runtime's Gemm takes floats only.
  if (w.dtype(operands[0] as string) === "int64") return batchMatMul(w, "transpose_a", "transpose_b");
  return { tensor: w.emit("Gemm", operands, { transA: Number(w.flag("transpose_a")), transB: Number(w.flag("transpose_b")) }) };
}

/** a · b of stacks of matrices; two attributes transpose the last two axes. */
function batchMatMul(w: NodeWriter, first = "adj_x", second = "adj_y"): Value {
  const operand = (i: number, flag: string) => {
    const tensor = w.own(w.input(i));
    const rank = w.graphShape(tensor).length;
    const order = Array.from({ length: rank }, (_, axis) => axis);
    return w.flag(flag) ? w.transpose(tensor, [...order.slice(0, -2), rank - 1, rank - 2]) : tensor;
  };
  return { tensor: w.emit("MatMul", [operand(0, first), operand(1, second)]) };
}

export const matmulOps: readonly TfOp[] = [
  { op: "MatMul", emit: matMul },
  { op: "_FusedMatMul", emit: (w) => applyFused(w, matMul(w), 2) },
  { op: "BatchMatMul", emit: (w) => batchMatMul(w) },
  { op: "BatchMatMulV2", emit: (w) => batchMatMul(w) },
  { op: "BatchMatMulV3", emit: (w) => batchMatMul(w) },
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
