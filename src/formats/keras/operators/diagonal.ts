// Diagonals and triangles of matrices.

import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { intOption, ownOperand } from "./operands.ts";

const NAMES = ["x", "input"] as const;

/** The diagonal of the last two axes, `offset` places to the right of the main one. */
export function diagonalOf(w: LayerWriter, x: string, offset: number): string {
  const shape = w.graphShape(x);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const [row, column] = [Math.max(-offset, 0), Math.max(offset, 0)];
  const length = Math.max(Math.min(rows - row, columns - column), 0);
  const places = Array.from({ length }, (_, i) => (row + i) * columns + column + i);
  return w.emit("Gather", [w.state.graph.reshape(x, [...shape.slice(0, -2), rows * columns]), w.ints(places)], { axis: shape.length - 2 });
}

/** Square matrices with the last axis on a diagonal. */
function onDiagonal(w: LayerWriter, x: string, offset: number): string {
  const shape = w.graphShape(x);
  const length = shape.at(-1) as number;
  const [row, column, size] = [Math.max(-offset, 0), Math.max(offset, 0), length + Math.abs(offset)];
  // Rows [xᵢ, 0 …] one behind the other, each a place longer than a row of the matrix, lie on its diagonal.
  const front = shape.slice(0, -1);
  const wide = w.emit("Unsqueeze", [x, w.ints([-1])]);
  const zeros = front.map(() => 0);
  const rows = w.emit("Pad", [wide, w.ints([...zeros, 0, 0, ...zeros, 0, size]), w.scalar(0)], { mode: "constant" });
  const flat = w.state.graph.reshape(rows, [...front, length * (size + 1)]);
  const start = row * size + column;
  const wanted = size * size - start - length * (size + 1);
  const placed = w.emit("Pad", [flat, w.ints([...zeros, start, ...zeros, wanted]), w.scalar(0)], { mode: "constant" });
  return w.state.graph.reshape(placed, [...front, size, size]);
}

/** A vector becomes the matrix with it on a diagonal, a matrix gives its diagonal. */
function diag(w: LayerWriter): Value {
  const x = ownOperand(w, 0, ...NAMES);
  const [rank, k] = [w.graphShape(x).length, intOption(w, 0, 1, "k")];
  if (rank === 1) return { tensor: onDiagonal(w, x, k) };
  return rank === 2 ? { tensor: diagonalOf(w, x, k) } : w.fail("BAD_MODEL", `takes the diagonal of a tensor of ${rank} axes`);
}

/** The operand with two axes behind the others. */
function planes(w: LayerWriter): string {
  const x = ownOperand(w, 0, ...NAMES);
  const [a, b] = [intOption(w, 0, 2, "axis1"), intOption(w, 1, 3, "axis2")].map((axis) => w.axis({ tensor: x }, axis)) as [number, number];
  if (a === b) w.fail("BAD_MODEL", "takes the diagonal of one axis");
  const rest = w.graphShape(x).flatMap((_, i) => (i === a || i === b ? [] : [i]));
  return w.transpose(x, [...rest, a, b]);
}

const diagonal = (w: LayerWriter) => diagonalOf(w, planes(w), intOption(w, 0, 1, "offset"));

const triangle = (upper: 0 | 1) => (w: LayerWriter) =>
  w.fromOwn(w.emit("Trilu", [ownOperand(w, 0, ...NAMES), w.state.graph.scalar(intOption(w, 0, 1, "k"), "int64")], { upper }));

/** The last two axes with zeros beyond some places below and above the diagonal; −1 keeps all. */
function band(w: LayerWriter): Value {
  const [below, above] = [intOption(w, -1, 1, "num_lower"), intOption(w, -1, 2, "num_upper")];
  const cut = (x: string, k: number, upper: 0 | 1) => w.emit("Trilu", [x, w.state.graph.scalar(k, "int64")], { upper });
  const x = ownOperand(w, 0, ...NAMES);
  const under = above < 0 ? x : cut(x, above, 0);
  return w.fromOwn(below < 0 ? under : cut(under, -below, 1));
}

const mainDiagonal = (w: LayerWriter) => diagonalOf(w, ownOperand(w, 0, ...NAMES), intOption(w, 0, 1, "k"));

export const diagonalOperators: Operators = {
  band_part: band,
  diag,
  diagflat: (w) => ({ tensor: onDiagonal(w, w.state.graph.reshape(ownOperand(w, 0, ...NAMES), [-1]), intOption(w, 0, 1, "k")) }),
  diag_part: (w) => w.fromOwn(mainDiagonal(w)),
  diagonal: (w) => w.fromOwn(diagonal(w)),
  matrix_diag: (w) => w.fromOwn(onDiagonal(w, ownOperand(w, 0, "diagonal"), intOption(w, 0, 1, "k"))),
  matrix_trace: (w) => w.fromOwn(w.emit("ReduceSum", [mainDiagonal(w), w.ints([-1])], { keepdims: 0 })),
  trace: (w) => w.fromOwn(w.emit("ReduceSum", [diagonal(w), w.ints([-1])], { keepdims: 0 })),
  tril: triangle(0),
  triu: triangle(1),
};
