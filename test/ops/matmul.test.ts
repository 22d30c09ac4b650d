import { type CaseTable, testFamily } from "./family.ts";
import { type CaseInput, fixed, normal } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const gemms = [0, 1].flatMap((transA) =>
  [0, 1].map(
    (transB): OpCase => ({
      name: `transA ${transA}, transB ${transB}`,
      attrs: { transA, transB, alpha: 0.5, beta: 2 },
      inputs: [normal(transA ? [3, 2] : [2, 3]), normal(transB ? [4, 3] : [3, 4]), normal([4])],
      linear: [0, 1, 2],
    }),
  ),
);

function product(name: string, a: readonly number[], b: readonly number[]): OpCase {
  return { name: `${name}: [${a}] · [${b}]`, inputs: [normal(a), normal(b)], linear: [0, 1] };
}

function einsum(equation: string, ...shapes: readonly (readonly number[])[]): OpCase {
  return { name: equation, attrs: { equation }, inputs: shapes.map(normal), linear: shapes.map((_, i) => i) };
}

function einsumOf(equation: string, ...inputs: readonly CaseInput[]): OpCase {
  return { name: equation, attrs: { equation }, inputs };
}

const fused = [0, 1].flatMap((transA) =>
  [0, 1].map(
    (transB): OpCase => ({
      name: `transA ${transA}, transB ${transB}`,
      attrs: { transA, transB, alpha: 0.5 },
      inputs: [normal(transA ? [2, 3, 5] : [2, 5, 3]), normal(transB ? [2, 4, 3] : [2, 3, 4])],
      linear: [0, 1],
    }),
  ),
);

const cases: CaseTable = {
  Gemm: [
    ...gemms,
    ...[[], [1], [1, 4], [2, 1], [2, 4]].map(
      (bias): OpCase => ({ name: `a bias of [${bias}]`, inputs: [normal([2, 3]), normal([3, 4]), normal(bias)], linear: [2] }),
    ),
    { name: "without bias", inputs: [normal([2, 3]), normal([3, 4])], linear: [0, 1] },
    { name: "a constant weight", attrs: { transB: 1 }, inputs: [normal([2, 3]), fixed(normal([4, 3])), fixed(normal([4]))], linear: [0] },
    { name: "matrices that do not fit", inputs: [normal([2, 3]), normal([4, 5])], refused: "SHAPE_MISMATCH" },
  ],
  MatMul: [
    product("matrices", [2, 3], [3, 4]),
    product("two vectors", [3], [3]),
    product("a vector and a matrix", [3], [3, 4]),
    product("a matrix and a vector", [2, 3], [3]),
    product("a stack and a matrix", [2, 5, 3], [3, 4]),
    product("a matrix and a stack", [5, 3], [2, 3, 4]),
    product("stacks", [2, 5, 3], [2, 3, 4]),
    product("stacks that broadcast", [2, 1, 5, 3], [4, 3, 2]),
    product("a stack and a vector", [2, 5, 3], [3]),
    product("a vector and a stack", [3], [2, 3, 4]),
    product("one row", [1, 3], [2, 3, 1]),
    { name: "matrices that do not fit", inputs: [normal([2, 3]), normal([2, 3])], refused: "SHAPE_MISMATCH" },
    { name: "stacks that do not broadcast", inputs: [normal([2, 4, 3]), normal([3, 3, 4])], refused: "SHAPE_MISMATCH" },
  ],
  "com.microsoft.FusedMatMul": [
    ...fused,
    { name: "stacks that broadcast", attrs: { transB: 1 }, inputs: [normal([2, 1, 5, 3]), normal([4, 2, 3])], linear: [0, 1] },
    { name: "one matrix for a stack", attrs: { transB: 1 }, inputs: [normal([2, 5, 3]), fixed(normal([2, 3]))], linear: [0] },
    { name: "matrices that do not fit", attrs: { transB: 1 }, inputs: [normal([2, 3]), normal([3, 4])], refused: "SHAPE_MISMATCH" },
    { name: "batches exchanged", attrs: { transBatchA: 1 }, inputs: [normal([2, 3, 3]), normal([2, 3, 3])], refused: "UNSUPPORTED_OPERATOR" },
  ],
  Einsum: [
    einsum("ij,jk->ik", [2, 3], [3, 4]),
    einsum("bij,bjk->bik", [2, 3, 4], [2, 4, 5]),
    einsum("bhid,bhjd->bhij", [1, 2, 3, 4], [1, 2, 5, 4]),
    einsum("ij->ji", [2, 3]),
    einsum("ij->i", [2, 3]),
    einsum("ij->", [2, 3]),
    einsum("ii->i", [3, 3]),
    einsum("ii->", [3, 3]),
    einsum("bii->b", [2, 3, 3]),
    einsum("i,j->ij", [2], [3]),
    einsum("ij,ij->i", [2, 3], [2, 3]),
    einsum("ij, jk", [2, 3], [3, 4]),
    einsum("ba", [2, 3]),
    einsum("ij,jk,kl->il", [2, 3], [3, 4], [4, 2]),
    einsum("...ij,...jk->...ik", [2, 3, 4], [2, 4, 5]),
    einsum("...ij,jk->...ik", [2, 3, 4], [4, 5]),
    einsum("...ij,...jk", [2, 3, 4], [2, 4, 5]),
    einsum("...ij,...jk->...ik", [1, 3, 4], [2, 4, 5]),
    einsum("i...->...i", [2, 3, 4]),
    einsum("ij,jk->ik", [2, 3], [1, 4]),
    einsum("ij,jk->ik", [2, 1], [3, 4]),
    einsum("ij,ij->i", [2, 1], [1, 3]),
    einsum("ij,jk,kl->il", [2, 1], [3, 1], [4, 2]),
    einsum("ii,i->i", [3, 3], [1]),
    einsum("ii,i->", [1, 1], [3]),
    einsum("ii,i->", [3, 3], [1]),
    einsum("...ij,...jk", [2, 2, 1], [1, 3, 2]),
    einsum("...ii->...i", [2, 3, 3]),
    einsum("iij->j", [2, 2, 3]),
    einsum("i...,j...->ij...", [2, 4], [3, 4]),
    einsum("i...", [2, 3]),
    einsumOf("ij,jk->ik", normal([2, 3]), fixed(normal([3, 4]))),
    { ...einsumOf("ij,jk->ik", normal([2, 3])), refused: "SHAPE_MISMATCH" },
    { ...einsumOf("ijk->i", normal([2, 3])), refused: "SHAPE_MISMATCH" },
    { ...einsumOf("ij,jk->ik", normal([2, 3]), normal([4, 5])), refused: "SHAPE_MISMATCH" },
  ],
};

testFamily("matmul", cases, { float32: ["com.microsoft.FusedMatMul"] });
