// Operations that order elements: sorting, places, quantiles, bins.

import { add, compare, div, mul, sub } from "../../../ops/formula.ts";
import { isList } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, broadcast, counting, integers, intOption, number, operand, option, ownOperand, tensorOperand } from "./operands.ts";
import { alongAxis, ofTensorFlow, part } from "./reduction.ts";

/** Elements along an axis in order, and the places that they had. */
function sorted(w: LayerWriter, x: string, axis: number, count: number, largest: 0 | 1): [elements: string, places: string] {
  return w.state.graph.emitMany("TopK", [x, w.ints([count])], 2, { axis, largest }) as [string, string];
}

/** The elements along one axis, or their places, from the smallest to the largest; TensorFlow's can go down too. */
const sort = (which: 0 | 1) => (w: LayerWriter) => {
  // The file says null where all elements are sorted together.
  const { value, axis } = alongAxis(w, w.layer.config.axis === null ? undefined : -1);
  const down = String(option(w, 9, "direction")).toUpperCase() === "DESCENDING";
  const tensor = sorted(w, value.tensor, axis, w.graphShape(value.tensor)[axis] as number, down ? 1 : 0)[which];
  return { ...value, tensor: number(w, tensor) };
};

/** The largest elements along the last axis, and their places. */
function topK(w: LayerWriter): Value[] {
  const x = number(w, w.own(tensorOperand(w, 0, "x", "input")));
  const [largest, places] = sorted(w, x, w.graphShape(x).length - 1, intOption(w, 1, 1, "k"), 1);
  return [w.fromOwn(largest), w.fromOwn(number(w, places))];
}

/** The place of the largest or least element, along an axis or counted through all. @param skip stands for what is no number */
const index = (op: "ArgMax" | "ArgMin", skip?: number) => (w: LayerWriter) => {
  const given = tensorOperand(w, 0, "x", "input");
  const own = option(w, 1, "axis", "dimension") ?? (ofTensorFlow(w) ? 0 : undefined);
  const x = own === undefined ? w.state.graph.reshape(number(w, w.own(given)), [-1]) : number(w, w.own(given));
  const [axis, kept] = [w.axis({ tensor: x }, intOption(w, 0, 1, "axis", "dimension")), option(w, 2, "keepdims") === true];
  const along = (node: string, of: string) => w.emit(node, [of, w.ints([axis])], { keepdims: 1 });
  const none = skip === undefined ? undefined : w.emit("IsNaN", [x]);
  const place = number(w, w.emit(op, [none === undefined ? x : w.emit("Where", [none, w.scalar(skip as number), x])], { axis, keepdims: 1 }));
  const found = none === undefined ? place : w.emit("Where", [compare(w, "Equal", along("ReduceMin", number(w, none)), 1), w.scalar(-1), place]);
  const rest = w.graphShape(x).filter((_, i) => i !== axis);
  const shape = own === undefined ? w.shape(given).map(() => 1) : w.graphShape(found);
  return w.fromOwn(w.state.graph.reshape(found, kept ? shape : rest));
};

/** Whether the class of each row is among its k largest. */
function inTopK(w: LayerWriter): Value {
  const [targets, scores] = [ownOperand(w, 0, "targets"), ownOperand(w, 1, "predictions")];
  if (w.graphShape(scores).length !== 2 || w.graphShape(targets).length !== 1) w.fail("BAD_MODEL", "ranks no rows of scores for a list of classes");
  const last = (w.graphShape(scores)[1] as number) - 1;
  const known = w.emit("Equal", [targets, w.emit("Clip", [targets, w.scalar(0), w.scalar(last)])]);
  const place = w.emit("Unsqueeze", [integers(w, w.emit("Clip", [targets, w.scalar(0), w.scalar(last)])), w.ints([1])]);
  const own = w.emit("GatherElements", [scores, place], { axis: 1 });
  const above = w.emit("ReduceSum", [number(w, compare(w, "Greater", scores, own)), w.ints([1])], { keepdims: 0 });
  return { tensor: w.emit("And", [known, compare(w, "Less", above, intOption(w, 1, 2, "k"))]) };
}

type Method = "linear" | "lower" | "higher" | "midpoint" | "nearest";

/** Half to the even number, as numpy and TensorFlow round. */
const roundHalfEven = (x: number) => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

/** The place of a quantile among `count` sorted elements, as two places and how much the upper one counts. */
function placeOf(w: LayerWriter, q: number, count: number, method: string): [number, number, number] {
  const exact = (count - 1) * q;
  const [low, high] = [Math.floor(exact), Math.ceil(exact)];
  const places: Readonly<Record<Method, [number, number, number]>> = {
    linear: [low, high, exact - low],
    lower: [low, low, 0],
    higher: [high, high, 0],
    midpoint: [low, high, 0.5],
    nearest: [roundHalfEven(exact), roundHalfEven(exact), 0],
  };
  return places[method as Method] ?? w.fail("UNSUPPORTED_LAYER", `takes quantiles by "${method}"`);
}

/** Quantiles: by numbers of the operation's own, or of an operand. */
const quantile = (scale: number, nan: boolean, fixed?: number) => (w: LayerWriter) => {
  const given = fixed ?? option(w, 1, "q");
  const fractions = (isList(given) ? given : [given]).map((q) =>
    typeof q === "number" && q >= 0 && q <= scale ? q / scale : w.fail("UNSUPPORTED_LAYER", "takes quantiles at places that are no numbers"),
  );
  const x = number(w, w.own(tensorOperand(w, 0, "x")));
  const rank = w.graphShape(x).length;
  const axes = (axesOption(w, 2, "axis") ?? Array.from({ length: rank }, (_, i) => i)).map((axis) => w.axis({ tensor: x }, axis));
  const rest = Array.from({ length: rank }, (_, i) => i).filter((i) => !axes.includes(i));
  const shape = rest.map((i) => w.graphShape(x)[i] as number);
  const flat = w.state.graph.reshape(w.transpose(x, [...rest, ...axes]), [...shape, axes.reduce((n, i) => n * (w.graphShape(x)[i] as number), 1)]);
  const method = String(option(w, 9, "method") ?? "linear");
  if (w.layer.kind === "Quantile" && method !== "linear")
    w.fail("UNSUPPORTED_LAYER", `takes quantiles by "${method}", which Keras itself does not heed in a saved model`);
  const results = nan ? ofNumbers(w, flat, fractions, method) : ofAll(w, flat, fractions, method);
  const kept = option(w, 9, "keepdims") === true ? w.graphShape(x).map((d, i) => (axes.includes(i) ? 1 : d)) : shape;
  const shaped = results.map((result) => w.state.graph.reshape(result, kept));
  return w.fromOwn(
    isList(given)
      ? w.emit(
          "Concat",
          shaped.map((result) => w.emit("Unsqueeze", [result, w.ints([0])])),
          { axis: 0 },
        )
      : (shaped[0] as string),
  );
};

/** Quantiles along the last axis; none where an element is no number. */
function ofAll(w: LayerWriter, x: string, fractions: readonly number[], method: string): string[] {
  const axis = w.graphShape(x).length - 1;
  const size = w.graphShape(x)[axis] as number;
  const [inOrder] = sorted(w, x, axis, size, 0);
  const broken = compare(w, "Greater", w.emit("ReduceMax", [number(w, w.emit("IsNaN", [x])), w.ints([axis])], { keepdims: 1 }), 0);
  return fractions.map((q) => {
    const [low, high, share] = placeOf(w, q, size, method);
    const at = (place: number) => part(w, inOrder, axis, place, place + 1);
    const between = share === 0 ? at(low) : add(w, mul(w, at(low), 1 - share), mul(w, at(high), share));
    return w.emit("Where", [broken, w.scalar(Number.NaN), between]);
  });
}

/** Quantiles along the last axis of what is a number: how many there are is known only when the graph runs. */
function ofNumbers(w: LayerWriter, x: string, fractions: readonly number[], method: string): string[] {
  const axis = w.graphShape(x).length - 1;
  const none = w.emit("IsNaN", [x]);
  const [inOrder] = sorted(w, w.emit("Where", [none, w.scalar(3.4028234663852886e38), x]), axis, w.graphShape(x)[axis] as number, 0);
  const count = w.emit("ReduceSum", [number(w, w.emit("Not", [none])), w.ints([axis])], { keepdims: 1 });
  const last = w.emit("Max", [sub(w, count, 1), w.scalar(0)]);
  const at = (place: string) => w.emit("GatherElements", [inOrder, integers(w, place)], { axis });
  return fractions.map((q) => {
    const exact = mul(w, last, q);
    const [low, high] = [w.emit("Floor", [exact]), w.emit("Ceil", [exact])];
    const ways: Readonly<Record<Method, () => string>> = {
      linear: () => add(w, at(low), mul(w, sub(w, at(high), at(low)), sub(w, exact, low))),
      lower: () => at(low),
      higher: () => at(high),
      midpoint: () => mul(w, add(w, at(low), at(high)), 0.5),
      nearest: () => at(w.emit("Round", [exact])),
    };
    const way = Object.hasOwn(ways, method) ? ways[method as Method] : w.fail("UNSUPPORTED_LAYER", `takes quantiles by "${method}"`);
    return w.emit("Where", [compare(w, "Equal", count, 0), w.scalar(Number.NaN), way()]);
  });
}

/** How many of the sorted `edges` lie before each value. */
function placesAmong(w: LayerWriter, values: string, edges: string, counts: "Less" | "LessOrEqual"): string {
  const wide = w.emit("Unsqueeze", [values, w.ints([-1])]);
  return w.emit("ReduceSum", [number(w, w.emit(counts, [edges, wide])), w.ints([-1])], { keepdims: 0 });
}

/** The bin of each value: the number of edges that it has reached. */
const digitize = (w: LayerWriter): Value => w.fromOwn(placesAmong(w, ownOperand(w, 0, "x"), ownOperand(w, 1, "bins"), "LessOrEqual"));

/** Where each value would go in a sorted sequence. */
function searchSorted(w: LayerWriter): Value {
  const [edges, values] = [ownOperand(w, 0, "sorted_sequence"), ownOperand(w, 1, "values")];
  if (w.graphShape(edges).length !== 1) w.fail("UNSUPPORTED_LAYER", `searches a sequence of ${w.graphShape(edges).length} axes`);
  return w.fromOwn(placesAmong(w, values, edges, option(w, 2, "side") === "right" ? "LessOrEqual" : "Less"));
}

/** Whether each value is among others. */
function isIn(w: LayerWriter): Value {
  const [x, others] = [ownOperand(w, 0, "x1"), w.state.graph.reshape(ownOperand(w, 1, "x2"), [-1])];
  const same = number(w, w.emit("Equal", [w.emit("Unsqueeze", [x, w.ints([-1])]), others]));
  const found = w.emit("ReduceMax", [same, w.ints([-1])], { keepdims: 0 });
  return w.fromOwn(compare(w, option(w, 2, "invert") === true ? "Less" : "Greater", found, 0.5));
}

/** Numbers from one tensor to another, and the step between them. @param scale is taken of both ends */
function spaced(w: LayerWriter, scale: (x: string) => string = (x) => x): { steps: string; step: Value } {
  const [num, ended, axis] = [intOption(w, 50, 2, "num"), option(w, 3, "endpoint") !== false, intOption(w, 0, 9, "axis")];
  if (num < 1) w.fail("BAD_MODEL", `takes ${num} steps`);
  const step = broadcast(w, [operand(w, 0, "start"), operand(w, 1, "stop")], ([start, stop]) =>
    div(w, sub(w, scale(number(w, stop as string)), scale(number(w, start as string))), Math.max(ended ? num - 1 : num, 1)),
  );
  const by = w.own(step);
  const rank = w.graphShape(by).length;
  const place = w.ints([axis < 0 ? axis + rank + 1 : axis]);
  const first = w.emit("Expand", [scale(ownOperand(w, 0, "start")), w.ints(w.graphShape(by))]);
  const numbers = w.state.graph.reshape(
    counting(w, num),
    Array.from({ length: rank + 1 }, (_, i) => (i === (axis < 0 ? axis + rank + 1 : axis) ? num : 1)),
  );
  return { steps: add(w, w.emit("Unsqueeze", [first, place]), mul(w, w.emit("Unsqueeze", [by, place]), numbers)), step };
}

function linspace(w: LayerWriter): Value | Value[] {
  const { steps, step } = spaced(w);
  const numbers = w.fromOwn(/^u?int/.test(String(option(w, 9, "dtype"))) ? w.emit("Floor", [steps]) : steps);
  return option(w, 9, "retstep") === true ? [numbers, step] : numbers;
}

/** Powers of a base, whose exponents are evenly apart. */
const logspace = (w: LayerWriter) => w.fromOwn(w.emit("Pow", [w.scalar(Number(option(w, 4, "base") ?? 10)), spaced(w).steps]));

/** Numbers of one sign whose ratios are the same. */
function geomspace(w: LayerWriter): Value {
  const positive = w.emit("Exp", [spaced(w, (x) => w.emit("Log", [w.emit("Abs", [x])])).steps]);
  const signs = w.emit("Sign", [ownOperand(w, 0, "start")]);
  const axis = intOption(w, 0, 9, "axis");
  const plain = w.graphShape(signs).length === 0;
  return w.fromOwn(mul(w, positive, plain ? signs : w.emit("Unsqueeze", [signs, w.ints([axis])])));
}

export const rankingOperators: Operators = {
  argmax: index("ArgMax"),
  argmin: index("ArgMin"),
  argsort: sort(1),
  digitize,
  geomspace,
  in_top_k: inTopK,
  isin: isIn,
  linspace,
  logspace,
  median: quantile(1, false, 0.5),
  nanargmax: index("ArgMax", Number.NEGATIVE_INFINITY),
  nanargmin: index("ArgMin", Number.POSITIVE_INFINITY),
  nanmedian: quantile(1, true, 0.5),
  nanpercentile: quantile(100, true),
  nanquantile: quantile(1, true),
  percentile: quantile(100, false),
  quantile: quantile(1, false),
  searchsorted: searchSorted,
  sort: sort(0),
  top_k: topK,
};
