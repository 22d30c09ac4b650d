// Operations that sum, average or compare along axes; those that leave out what is no number; sums and products from the front.

import { add, compare, div, mul, sub } from "../../../ops/formula.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, constantOf, intOption, number, option, optionalOperand, tensorOperand, truth } from "./operands.ts";

export const NAMES = ["x", "input_tensor", "a", "input"] as const;

type Reduce = (x: string, axes: readonly number[], keepdims: 0 | 1) => string;

/** Over the axes of the options, or all. Axes that stay keep their places. @param place of the option among the operands */
export function reduced(w: LayerWriter, value: Value, write: Reduce, place = 1, options: readonly string[] = ["axis"]): Value {
  const rank = w.shape(value).length;
  const axes = axesOption(w, place, ...options) ?? Array.from({ length: rank }, (_, i) => i);
  if (axes.length === 0) return value;
  if (option(w, place + 1, "keepdims", "keep_dims") === true) {
    const places = axes.map((axis) => w.axis(value, axis));
    return { ...value, tensor: write(value.tensor, places, 1) };
  }
  const places = axes.map((axis) => w.axis({ tensor: value.tensor }, axis));
  return w.fromOwn(write(w.own(value), places, 0));
}

/** A reduction of the numbers of the first operand. */
const reducing = (write: (w: LayerWriter, ...of: Parameters<Reduce>) => string) => (w: LayerWriter) =>
  reduced(w, tensorOperand(w, 0, ...NAMES), (x, axes, keepdims) => write(w, number(w, x), axes, keepdims));

/** One node of ONNX. */
export const reduceBy = (op: string) => (w: LayerWriter, x: string, axes: readonly number[], keepdims: 0 | 1) => w.emit(op, [x, w.ints(axes)], { keepdims });

const [sumOf, meanOf, maxOf, minOf, prodOf] = ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd"].map(reduceBy) as [Of, Of, Of, Of, Of];
type Of = ReturnType<typeof reduceBy>;

const reduce = (op: string) => reducing(reduceBy(op));

/** The largest or least, and a number that it cannot fall behind. */
const extremum = (op: "Max" | "Min") => (w: LayerWriter) => {
  const value = reduce(`Reduce${op}`)(w);
  const initial = option(w, 3, "initial");
  return typeof initial === "number" ? { ...value, tensor: w.emit(op, [value.tensor, w.scalar(initial)]) } : value;
};

/** The mean of (x − mean)². */
export const varianceOf: Of = (w, x, axes, keepdims) => {
  const centered = sub(w, x, meanOf(w, x, axes, 1));
  return meanOf(w, mul(w, centered, centered), axes, keepdims);
};

/** The mean and the variance along axes. */
function moments(w: LayerWriter): Value[] {
  const value = tensorOperand(w, 0, ...NAMES);
  return [meanOf, varianceOf].map((of) => reduced(w, value, (x, axes, keepdims) => of(w, number(w, x), axes, keepdims), 1, ["axes"]));
}

/** Whether all or any of the elements are true. */
const ofTruths = (of: Of) => (w: LayerWriter) =>
  reduced(w, tensorOperand(w, 0, ...NAMES), (x, axes, keepdims) => truth(w, of(w, number(w, truth(w, x)), axes, keepdims)));

const isNumber = (w: LayerWriter, x: string) => w.emit("Not", [w.emit("IsNaN", [x])]);

/** How many elements are numbers. */
const count: Of = (w, x, axes, keepdims) => sumOf(w, number(w, isNumber(w, x)), axes, keepdims);

/** A reduction with something else in place of what is no number. */
const without =
  (of: Of, instead: number): Of =>
  (w, x, axes, keepdims) =>
    of(w, w.emit("Where", [w.emit("IsNaN", [x]), w.scalar(instead), x]), axes, keepdims);

const nanSum = without(sumOf, 0);
/** A sum over how many numbers there are; none if there are none. Nothing that is no number comes into it, for the gradient's sake. */
function overCount(w: LayerWriter, sum: string, numbers: string): string {
  const empty = compare(w, "Equal", numbers, 0);
  return w.emit("Where", [empty, w.scalar(Number.NaN), div(w, sum, w.emit("Where", [empty, w.scalar(1), numbers]))]);
}

const nanMean: Of = (w, x, axes, keepdims) => overCount(w, nanSum(w, x, axes, keepdims), count(w, x, axes, keepdims));

const nanVariance: Of = (w, x, axes, keepdims) => {
  const [there, known] = [number(w, isNumber(w, x)), w.emit("Where", [w.emit("IsNaN", [x]), w.scalar(0), x])];
  const mean = div(w, sumOf(w, known, axes, 1), w.emit("Max", [count(w, x, axes, 1), w.scalar(1)]));
  const centered = mul(w, sub(w, known, mean), there);
  return overCount(w, sumOf(w, mul(w, centered, centered), axes, keepdims), count(w, x, axes, keepdims));
};

/** The largest or least number; none where there is none. */
const nanExtremum = (of: Of, instead: number) =>
  reducing((w, x, axes, keepdims) =>
    w.emit("Where", [compare(w, "Equal", count(w, x, axes, keepdims), 0), w.scalar(Number.NaN), without(of, instead)(w, x, axes, keepdims)]),
  );

const rootOf =
  (of: Of): Of =>
  (w, x, axes, keepdims) =>
    w.emit("Sqrt", [of(w, x, axes, keepdims)]);

/** The mean, or Σ weight · x / Σ weight. */
function average(w: LayerWriter): Value {
  const weights = optionalOperand(w, 2, "weights");
  if (weights === undefined) return reduce("ReduceMean")(w);
  const x = number(w, w.own(tensorOperand(w, 0, ...NAMES)));
  const axes = axesOption(w, 1, "axis") ?? w.graphShape(x).map((_, i) => i);
  const places = axes.map((axis) => w.axis({ tensor: x }, axis));
  const alone = w.graphShape(weights).length === 1 && places.length === 1;
  const wide = alone
    ? w.state.graph.reshape(
        weights,
        w.graphShape(x).map((_, i) => (i === places[0] ? (w.graphShape(weights)[0] as number) : 1)),
      )
    : weights;
  const full = w.emit("Expand", [wide, w.ints(w.graphShape(x))]);
  return w.fromOwn(div(w, sumOf(w, mul(w, x, full), places, 0), sumOf(w, full, places, 0)));
}

/** The operand with its axes in their places and the axis of the options; flat if there is none. */
export function alongAxis(w: LayerWriter, fallback: number | undefined, place = 1): { value: Value; axis: number } {
  const value = tensorOperand(w, 0, "x", "input", "values", "sorted_sequence", "tensor", "a", "y");
  const named = option(w, place, "axis", "dim");
  if ((named === undefined && fallback === undefined) || w.shape(value).length === 0)
    return { value: { tensor: w.state.graph.reshape(number(w, w.own(value)), [-1]) }, axis: 0 };
  return { value: { ...value, tensor: number(w, value.tensor) }, axis: w.axis(value, intOption(w, fallback, place, "axis", "dim")) };
}

/** Whether it is one of TensorFlow's functions, which take the first axis where Keras takes all. */
export const ofTensorFlow = (w: LayerWriter) => w.config.raw("function") !== undefined;

/** Along one axis, each element from those before it. */
const scan = (write: (w: LayerWriter, x: string, axis: number) => string) => (w: LayerWriter) => {
  const { value, axis } = alongAxis(w, ofTensorFlow(w) ? 0 : undefined);
  const backwards = option(w, 3, "reverse") === true;
  const turned = (x: string) => (backwards ? w.emit("Slice", [x, w.ints([-1]), w.ints([-(2 ** 31)]), w.ints([axis]), w.ints([-1])]) : x);
  if (option(w, 2, "exclusive") === true) w.fail("UNSUPPORTED_LAYER", "leaves the place itself out");
  return { ...value, tensor: turned(write(w, turned(value.tensor), axis)) };
};

const sumsFromFront = (w: LayerWriter, x: string, axis: number) => w.emit("CumSum", [x, w.state.graph.scalar(axis, "int64")]);

/** Products from the front: each step multiplies by the elements 1, 2, 4 … places before, so that log₂ n steps do. */
function productsFromFront(w: LayerWriter, x: string, axis: number): string {
  const shape = w.graphShape(x);
  const size = shape[axis] as number;
  let y = x;
  for (let by = 1; by < size; by *= 2) {
    const kept = w.emit("Slice", [y, w.ints([0]), w.ints([size - by]), w.ints([axis])]);
    const pads = shape.map((_, i) => (i === axis ? by : 0));
    y = mul(w, y, w.emit("Pad", [kept, w.ints([...pads, ...shape.map(() => 0)]), w.scalar(1)], { mode: "constant" }));
  }
  return y;
}

const orElse = (w: LayerWriter, x: string, instead: number) => w.emit("Where", [w.emit("IsNaN", [x]), w.scalar(instead), x]);

/** The part of `x` between two places along an axis. */
export function part(w: LayerWriter, x: string, axis: number, start: number, end: number): string {
  return w.emit("Slice", [x, w.ints([start]), w.ints([end]), w.ints([axis])]);
}

/** Differences of neighbours, several times. */
function differences(w: LayerWriter, x: string, axis: number, times: number): string {
  const size = w.graphShape(x)[axis] as number;
  if (times <= 0 || size <= 1) return x;
  return differences(w, sub(w, part(w, x, axis, 1, size), part(w, x, axis, 0, size - 1)), axis, times - 1);
}

function diff(w: LayerWriter): Value {
  const { value, axis } = alongAxis(w, -1, 2);
  const times = intOption(w, 1, 1, "n");
  if (times < 0 || times > (w.graphShape(value.tensor)[axis] as number)) w.fail("BAD_MODEL", `takes differences ${times} times`);
  return { ...value, tensor: differences(w, value.tensor, axis, times) };
}

/** The area under a line through points: Σ (yᵢ + yᵢ₊₁)/2 · (xᵢ₊₁ − xᵢ). */
function trapezoid(w: LayerWriter): Value {
  const y = number(w, w.own(tensorOperand(w, 0, "y")));
  const axis = w.axis({ tensor: y }, intOption(w, -1, 3, "axis"));
  const size = w.graphShape(y)[axis] as number;
  const heights = mul(w, add(w, part(w, y, axis, 1, size), part(w, y, axis, 0, size - 1)), 0.5);
  const listed = w.config.raw("x");
  const x = optionalOperand(w, 1, "x") ?? (listed === undefined ? undefined : constantOf(w, listed));
  const gap = option(w, 2, "dx") ?? 1;
  if (typeof gap !== "number") return w.fail("BAD_MODEL", `has "dx" ${JSON.stringify(gap)}`);
  if (x === undefined) return w.fromOwn(sumOf(w, mul(w, heights, gap), [axis], 0));
  const alone = w.graphShape(x).length === 1;
  const steps = differences(w, x, alone ? 0 : axis, 1);
  const wide = alone
    ? w.state.graph.reshape(
        steps,
        w.graphShape(y).map((_, i) => (i === axis ? size - 1 : 1)),
      )
    : steps;
  return w.fromOwn(sumOf(w, mul(w, heights, wide), [axis], 0));
}

export const reductionOperators: Operators = {
  all: ofTruths(minOf),
  any: ofTruths(maxOf),
  average,
  count_nonzero: reducing((w, x, axes, keepdims) => sumOf(w, number(w, truth(w, x)), axes, keepdims)),
  cumprod: scan(productsFromFront),
  cumsum: scan(sumsFromFront),
  diff,
  logsumexp: reduce("ReduceLogSumExp"),
  max: extremum("Max"),
  mean: reduce("ReduceMean"),
  min: extremum("Min"),
  moments,
  nancumprod: scan((w, x, axis) => productsFromFront(w, orElse(w, x, 1), axis)),
  nancumsum: scan((w, x, axis) => sumsFromFront(w, orElse(w, x, 0), axis)),
  nanmax: nanExtremum(maxOf, Number.NEGATIVE_INFINITY),
  nanmean: reducing(nanMean),
  nanmin: nanExtremum(minOf, Number.POSITIVE_INFINITY),
  nanprod: reducing(without(prodOf, 1)),
  nanstd: reducing(rootOf(nanVariance)),
  nansum: reducing(nanSum),
  nanvar: reducing(nanVariance),
  prod: reduce("ReduceProd"),
  ptp: reducing((w, x, axes, keepdims) => sub(w, maxOf(w, x, axes, keepdims), minOf(w, x, axes, keepdims))),
  std: reducing(rootOf(varianceOf)),
  sum: reduce("ReduceSum"),
  trapezoid,
  var: reducing(varianceOf),
};
