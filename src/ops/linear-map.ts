// Linear maps along one axis of a tensor, given row by row, and their adjoints.

import { sizeOf } from "../tensor/tensor.ts";
import type { Rule } from "./define.ts";
import { addAll, mul } from "./formula.ts";
import { scatterAdd } from "./scatter.ts";

/** An element with its weight in a sum. */
export interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** Every element of an axis of the result as a weighted sum over an axis of size `input`. */
export interface Taps {
  readonly input: number;
  readonly rows: readonly (readonly Tap[])[];
}

/** Matrices up to this many elements are multiplied; with larger ones, dy is scattered tap by tap. */
const LARGEST_MATRIX = 2 ** 22;

/** dx from dy, where y is the map of x along `axis`: Aᵀ dy. */
export function adjointAlong(r: Rule, dy: string, axis: number, map: Taps): string {
  if (isIdentity(map)) return dy;
  return map.input * map.rows.length <= LARGEST_MATRIX ? multiplied(r, dy, axis, map) : scattered(r, dy, axis, map);
}

function isIdentity({ input, rows }: Taps): boolean {
  return input === rows.length && rows.every((row, o) => row.length === 1 && row[0]?.index === o && row[0].weight === 1);
}

function multiplied(r: Rule, dy: string, axis: number, { input, rows }: Taps): string {
  const shape = r.shape(dy);
  const last = axis === shape.length - 1;
  const [width, matrix] = [last ? input : rows.length, new Float64Array(input * rows.length)];
  rows.forEach((row, o) => {
    for (const { index, weight } of row) matrix[last ? o * width + index : index * width + o] = weight;
  });
  const constant = r.constant(Array.from(matrix), last ? [rows.length, input] : [input, rows.length]);
  if (last) return r.emit("MatMul", [dy, constant]);
  const columns = r.reshape(dy, [sizeOf(shape.slice(0, axis)), rows.length, sizeOf(shape.slice(axis + 1))]);
  return r.reshape(
    r.emit("MatMul", [constant, columns]),
    shape.map((d, i) => (i === axis ? input : d)),
  );
}

/** The k-th taps of all rows at once, for every k. */
function scattered(r: Rule, dy: string, axis: number, { input, rows }: Taps): string {
  const shape = r.shape(dy);
  const column = shape.map((d, i) => (i === axis ? d : 1));
  const parts = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, k) => {
    const indices = r.reshape(r.ints(rows.map((row) => row[k]?.index ?? 0)), column);
    const weights = r.constant(
      rows.map((row) => row[k]?.weight ?? 0),
      column,
    );
    const target = shape.map((d, i) => (i === axis ? input : d));
    return scatterAdd(r, target, r.emit("Expand", [indices, r.ints(shape)]), mul(r, dy, weights), axis);
  });
  return addAll(r, parts);
}
