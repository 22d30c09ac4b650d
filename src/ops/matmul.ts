// Products of matrices.

import { fail } from "../errors.ts";
import { float, int, none } from "../graph/attributes.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import { type AnyOp, defineOp, type Info, type Rule } from "./define.ts";
import { Einsum } from "./einsum.ts";
import { broadcastShapes } from "./folding.ts";
import { mul } from "./formula.ts";

/** Gemm: y = α · a' · b' + β · c, a' and b' transposed or not; da' = α · dy · b'ᵀ, db' = α · a'ᵀ · dy, dc = β · dy. */
const Gemm = defineOp({
  type: "Gemm",
  attrs: { alpha: float(1), beta: float(1), transA: int(0), transB: int(0) },
  shape: ([a, b], { transA, transB }) => {
    const { dtype, shape } = a as Info;
    const [n, inner] = turned(shape, transA);
    const [same, m] = turned((b as Info).shape, transB);
    if (inner !== same) failInner(shape, (b as Info).shape);
    return [{ dtype, shape: [n, m] }];
  },
  gradient: (r) => {
    const { transA, transB, beta } = r.attrs;
    return [
      r.wants(0) ? (transA ? gemm(r, r.in(1), r.dy(), transB, 1) : gemm(r, r.dy(), r.in(1), 0, 1 - transB)) : undefined,
      r.wants(1) ? (transB ? gemm(r, r.dy(), r.in(0), 1, transA) : gemm(r, r.in(0), r.dy(), 1 - transA, 0)) : undefined,
      r.wants(2) ? mul(r, r.dy(), beta) : undefined,
    ];
  },
});

/** α · a' · b' with the node's own α. */
function gemm(r: Rule<{ readonly alpha?: number }>, a: string, b: string, transA: number, transB: number): string {
  return r.emit("Gemm", [a, b], { alpha: r.attrs.alpha, transA, transB });
}

function turned(shape: readonly number[], transposed: number): [number, number] {
  const [rows, columns] = shape as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

function failInner(a: readonly number[], b: readonly number[]): never {
  return fail("SHAPE_MISMATCH", `matrices of shapes ${formatShape(a)} and ${formatShape(b)} cannot be multiplied.`, { details: { a, b } });
}

/** MatMul: y = a · b on stacks of matrices, as numpy; da = dy · bᵀ, db = aᵀ · dy. */
const MatMul = defineOp({
  type: "MatMul",
  attrs: none,
  shape: ([a, b]) => {
    const { dtype, shape: left } = a as Info;
    const { shape: right } = b as Info;
    const [x, w] = [asRows(left), asColumns(right)];
    if (x.at(-1) !== w.at(-2)) failInner(left, right);
    const stack = broadcastShapes([x.slice(0, -2), w.slice(0, -2)]);
    const rows = left.length > 1 ? [x.at(-2) as number] : [];
    const columns = right.length > 1 ? [w.at(-1) as number] : [];
    return [{ dtype, shape: [...stack, ...rows, ...columns] }];
  },
  gradient: (r) => (r.shape(r.in(1)).length === 2 ? sharedMatrixGradients(r) : stackedGradients(r, r.in(0), r.in(1))),
});

/** com.microsoft.FusedMatMul: y = α · a' · b' on stacks of matrices, a' and b' transposed in their last two axes or not. */
const FusedMatMul = defineOp({
  type: "FusedMatMul",
  domain: "com.microsoft",
  attrs: { alpha: float(1), transA: int(0), transB: int(0), transBatchA: int(0), transBatchB: int(0) },
  shape: ([a, b], { transA, transB, transBatchA, transBatchB }) => {
    if (transBatchA || transBatchB) fail("UNSUPPORTED_OPERATOR", "FusedMatMul with transBatchA or transBatchB is not supported.");
    const { dtype, shape: left } = a as Info;
    const [x, w] = [asRows(left), asColumns((b as Info).shape)];
    const [rows, inner] = turned(x.slice(-2), transA);
    const [same, columns] = turned(w.slice(-2), transB);
    if (inner !== same) failInner(left, (b as Info).shape);
    return [{ dtype, shape: [...broadcastShapes([x.slice(0, -2), w.slice(0, -2)]), rows, columns] }];
  },
  gradient: (r) => {
    const { alpha, transA, transB } = r.attrs;
    const turn = (x: string, whether: number) => (whether ? transposed(r, x) : x);
    const [da, db] = stackedGradients(r, turn(r.in(0), transA), turn(r.in(1), transB));
    return [da && mul(r, turn(da, transA), alpha), db && mul(r, turn(db, transB), alpha)];
  },
});

/** A vector on the left counts as one row. */
function asRows(shape: readonly number[]): readonly number[] {
  return shape.length === 1 ? [1, ...shape] : shape;
}

/** A vector on the right counts as one column. */
function asColumns(shape: readonly number[]): readonly number[] {
  return shape.length === 1 ? [...shape, 1] : shape;
}

/** One matrix b for all of a: the stack is one tall matrix, and Gemm needs no transposed copies. */
function sharedMatrixGradients(r: Rule): (string | undefined)[] {
  const [a, b] = [r.in(0), r.in(1)];
  const [inner, columns] = r.shape(b) as [number, number];
  const rows = sizeOf(r.shape(a)) / inner;
  const dy = r.reshape(r.dy(), [rows, columns]);
  return [r.wants(0) ? r.reshape(gemm(r, dy, b, 0, 1), r.shape(a)) : undefined, r.wants(1) ? gemm(r, r.reshape(a, [rows, inner]), dy, 1, 0) : undefined];
}

function stackedGradients(r: Rule, left: string, right: string): (string | undefined)[] {
  const a = r.reshape(left, asRows(r.shape(left)));
  const b = r.reshape(right, asColumns(r.shape(right)));
  const stack = broadcastShapes([r.shape(a).slice(0, -2), r.shape(b).slice(0, -2)]);
  const dy = r.reshape(r.dy(), [...stack, r.shape(a).at(-2) as number, r.shape(b).at(-1) as number]);
  return [r.wants(0) ? r.emit("MatMul", [dy, transposed(r, b)]) : undefined, r.wants(1) ? dropColumn(r, r.emit("MatMul", [transposed(r, a), dy])) : undefined];
}

/** The last two axes exchanged. */
function transposed(r: Rule, x: string): string {
  const rank = r.shape(x).length;
  return r.transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
}

/** The gradient of a vector on the right loses its one column; that of a vector on the left is summed down by the walk. */
function dropColumn(r: Rule, db: string): string {
  return r.shape(r.in(1)).length === 1 ? r.reshape(db, r.shape(db).slice(0, -1)) : db;
}

export const matmuls: readonly AnyOp[] = [Gemm, MatMul, FusedMatMul, Einsum];
