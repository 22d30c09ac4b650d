// Products of vectors, matrices and tensors, and what is made of them.

import { div, mul, sub } from "../../../ops/formula.ts";
import { type Argument, isList } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { asValue, intOption, number, option, ownOperand } from "./operands.ts";
import { part, reduceBy } from "./reduction.ts";

/** The two operands in Keras's order. */
const pair = (w: LayerWriter): [string, string] => [ownOperand(w, 0, "x1", "a", "x", "tensor1"), ownOperand(w, 1, "x2", "b", "y", "tensor2")];

const rankOf = (w: LayerWriter, x: string) => w.graphShape(x).length;

const sizeOf = (w: LayerWriter, x: string, axes: readonly number[]) => axes.reduce((n, axis) => n * (w.graphShape(x)[axis] as number), 1);

/** Sums products over axes of both: what is left of a, then what is left of b. */
export function contract(w: LayerWriter, [a, b]: readonly [string, string], over: readonly [readonly number[], readonly number[]]): string {
  const [left, right] = [a, b].map((x, i) =>
    Array.from({ length: rankOf(w, x) }, (_, axis) => axis).filter((axis) => !(over[i] as number[]).includes(axis)),
  ) as [number[], number[]];
  const summed = sizeOf(w, a, over[0]);
  if (over[0].length !== over[1].length || summed !== sizeOf(w, b, over[1])) w.fail("BAD_MODEL", "sums over axes of different sizes");
  const first = w.state.graph.reshape(w.transpose(a, [...left, ...over[0]]), [sizeOf(w, a, left), summed]);
  const second = w.state.graph.reshape(w.transpose(b, [...over[1], ...right]), [summed, sizeOf(w, b, right)]);
  const rest = [...left.map((axis) => w.graphShape(a)[axis] as number), ...right.map((axis) => w.graphShape(b)[axis] as number)];
  return w.state.graph.reshape(w.emit("MatMul", [first, second]), rest);
}

/** A product of matrices, the other axes broadcast; vectors count as one row or one column. */
function matmul(w: LayerWriter): Value {
  const turned = [option(w, 2, "transpose_a", "adjoint_a") === true, option(w, 3, "transpose_b", "adjoint_b") === true];
  const [a, b] = pair(w).map((x, i) => (turned[i] ? swapLast(w, x) : x)) as [string, string];
  return w.fromOwn(w.emit("MatMul", [a, b]));
}

export function swapLast(w: LayerWriter, x: string): string {
  const axes = w.graphShape(x).map((_, i) => i);
  return w.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** Over the last axis of a and one of b's; a product of elements where one of them is a number. */
const lastAxes = (ofB: (rank: number) => number) => (w: LayerWriter) => {
  const [a, b] = pair(w);
  if (rankOf(w, a) === 0 || rankOf(w, b) === 0) return w.fromOwn(mul(w, a, b));
  return w.fromOwn(contract(w, [a, b], [[rankOf(w, a) - 1], [ofB(rankOf(w, b))]]));
};

/** Over the last n axes of a and the first n of b, or over those that are listed. */
function tensordot(w: LayerWriter): Value {
  const [a, b] = pair(w);
  const axes = option(w, 2, "axes") ?? 2;
  const count = Number(axes);
  const listed = isList(axes)
    ? axes.map((of) => (isList(of) ? of : [of]))
    : [Array.from({ length: count }, (_, i) => i - count), Array.from({ length: count }, (_, i) => i)];
  if (listed.length !== 2 || !listed.flat().every(Number.isSafeInteger)) w.fail("BAD_MODEL", `sums over the axes ${JSON.stringify(axes)}`);
  const over = listed.map((of, i) => of.map((axis) => w.axis({ tensor: i === 0 ? a : b }, axis as number))) as [number[], number[]];
  return w.fromOwn(contract(w, [a, b], over));
}

/** Every element of one with every element of the other. */
function outer(w: LayerWriter): Value {
  const [a, b] = pair(w);
  return w.fromOwn(mul(w, w.state.graph.reshape(a, [-1, 1]), w.state.graph.reshape(b, [1, -1])));
}

/** The sum of all products of elements. */
function vdot(w: LayerWriter): Value {
  const [a, b] = pair(w).map((x) => w.state.graph.reshape(x, [-1])) as [string, string];
  return { tensor: w.emit("ReduceSum", [mul(w, a, b)], { keepdims: 0 }) };
}

/** A copy of b for every element of a, times that element. */
function kron(w: LayerWriter): Value {
  const [a, b] = pair(w);
  const rank = Math.max(rankOf(w, a), rankOf(w, b));
  const [left, right] = [a, b].map((x) => [...new Array<number>(rank - rankOf(w, x)).fill(1), ...w.graphShape(x)]) as [number[], number[]];
  const between = (shape: readonly number[], first: boolean) => shape.flatMap((d) => (first ? [d, 1] : [1, d]));
  const product = mul(w, w.state.graph.reshape(a, between(left, true)), w.state.graph.reshape(b, between(right, false)));
  return w.fromOwn(
    w.state.graph.reshape(
      product,
      left.map((d, i) => d * (right[i] as number)),
    ),
  );
}

/** The cross product along an axis of size 3; where it is 2 the third is 0. */
function cross(w: LayerWriter): Value {
  const all = option(w, 5, "axis");
  const axisOf = (name: string) => (typeof all === "number" ? all : intOption(w, -1, 9, name));
  const [a, b] = pair(w).map((x, i) => {
    const axis = w.axis({ tensor: x }, axisOf(i === 0 ? "axisa" : "axisb"));
    return w.transpose(x, [
      ...w
        .graphShape(x)
        .map((_, k) => k)
        .filter((k) => k !== axis),
      axis,
    ]);
  }) as [string, string];
  const sizes = [a, b].map((x) => w.graphShape(x).at(-1) as number);
  if (sizes.some((size) => size !== 2 && size !== 3)) w.fail("BAD_MODEL", `crosses vectors of ${sizes.join(" and ")} numbers`);
  const at = (x: string, i: number) => ((w.graphShape(x).at(-1) as number) > i ? part(w, x, rankOf(w, x) - 1, i, i + 1) : w.scalar(0));
  const minor = (i: number, k: number) => sub(w, mul(w, at(a, i), at(b, k)), mul(w, at(a, k), at(b, i)));
  if (sizes.every((size) => size === 2)) return w.fromOwn(w.emit("Squeeze", [minor(0, 1), w.ints([-1])]));
  const product = w.emit("Concat", [minor(1, 2), minor(2, 0), minor(0, 1)], { axis: Math.max(rankOf(w, a), rankOf(w, b)) - 1 });
  const rank = rankOf(w, product);
  const to = w.axis({ tensor: product }, axisOf("axisc"));
  const order = Array.from({ length: rank - 1 }, (_, i) => i);
  return w.fromOwn(w.transpose(product, [...order.slice(0, to), rank - 1, ...order.slice(to)]));
}

function einsum(w: LayerWriter): Value {
  const [first, ...rest] = w.call.args;
  const own = w.config.raw("subscripts");
  // TensorFlow's is called with the equation.
  const equation = String(own ?? (first?.kind === "value" ? first.value : "")).replaceAll(" ", "");
  const given: readonly Argument<Value>[] = own === undefined ? rest : w.call.args;
  const tensors = given.flatMap((each) => (each.kind === "list" ? each.items : [each])).map((each) => asValue(w, each));
  if (equation === "" || tensors.length === 0) return w.fail("UNSUPPORTED_LAYER", "says no equation before its operands");
  return w.fromOwn(
    w.emit(
      "Einsum",
      tensors.map((x) => (x ? number(w, w.own(x)) : w.fail("BAD_MODEL", "lacks an operand"))),
      { equation },
    ),
  );
}

/** Distances of every point of a to every point of b. */
function distances(w: LayerWriter): Value {
  const [a, b] = pair(w);
  const apart = sub(w, w.emit("Unsqueeze", [a, w.ints([-2])]), w.emit("Unsqueeze", [b, w.ints([-3])]));
  return w.fromOwn(w.emit("Sqrt", [w.emit("ReduceSum", [mul(w, apart, apart), w.ints([-1])], { keepdims: 0 })]));
}

/** How the rows of a matrix go together: covariances over the product of the deviations. */
function correlations(w: LayerWriter): Value {
  const x = ownOperand(w, 0, "x");
  if (rankOf(w, x) !== 2) w.fail("UNSUPPORTED_LAYER", `correlates the rows of a tensor of ${rankOf(w, x)} axes`);
  const centered = sub(w, x, reduceBy("ReduceMean")(w, x, [1], 1));
  const root = w.emit("Sqrt", [reduceBy("ReduceSum")(w, mul(w, centered, centered), [1], 1)]);
  const unit = div(w, centered, root);
  return { tensor: w.emit("Clip", [w.emit("MatMul", [unit, swapLast(w, unit)]), w.scalar(-1), w.scalar(1)]) };
}

/** One series slid along another. */
function correlate(w: LayerWriter): Value {
  const [a, b] = pair(w);
  if (rankOf(w, a) !== 1 || rankOf(w, b) !== 1) w.fail("BAD_MODEL", "slides tensors of several axes");
  const [n, m] = [sizeOf(w, a, [0]), sizeOf(w, b, [0])];
  const mode = String(option(w, 2, "mode") ?? "valid");
  const edge = mode === "valid" ? 0 : m - 1;
  const series = w.emit("Conv", [w.state.graph.reshape(a, [1, 1, n]), w.state.graph.reshape(b, [1, 1, m])], { pads: [edge, edge] });
  const [length, start] = [Math.max(n, m), Math.floor((n + m - 1 - Math.max(n, m)) / 2)];
  return { tensor: w.state.graph.reshape(mode === "same" ? part(w, series, 2, start, start + length) : series, [-1]) };
}

/** Powers of every element: 1, x, x² …, or the other way round. */
function vandermonde(w: LayerWriter): Value {
  const x = ownOperand(w, 0, "x");
  const count = intOption(w, sizeOf(w, x, [0]), 1, "N");
  if (count < 1 || count > 4096) w.fail("BAD_MODEL", `takes ${count} powers`);
  const column = w.emit("Unsqueeze", [x, w.ints([-1])]);
  const powers = Array.from({ length: count }, (_, i) =>
    i === 0 ? w.emit("Expand", [w.scalar(1), w.emit("Shape", [column])]) : w.emit("Pow", [column, w.scalar(i)]),
  );
  return w.fromOwn(w.emit("Concat", option(w, 2, "increasing") === true ? powers : powers.reverse(), { axis: rankOf(w, column) - 1 }));
}

export const productOperators: Operators = {
  cdist: distances,
  corrcoef: correlations,
  correlate,
  cross,
  dot: lastAxes((rank) => Math.max(rank - 2, 0)),
  einsum,
  inner: lastAxes((rank) => rank - 1),
  kron,
  matmul,
  matrix_transpose: (w) => w.fromOwn(swapLast(w, ownOperand(w, 0, "a"))),
  outer,
  tensordot,
  vander: vandermonde,
  vdot,
};
