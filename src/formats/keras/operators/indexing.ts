// Operations that take or set places of a tensor by their number.

import { add, compare, mul, sub } from "../../../ops/formula.ts";
import { isList, isObject, type Json } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { convert } from "./elementwise.ts";
import { MOST_PARTS } from "./joining.ts";
import { axesOption, counting, integers, intOption, number, numberOption, option, ownOperand, tensorOperand } from "./operands.ts";
import { ofTensorFlow } from "./reduction.ts";
import { NAMES, slice } from "./shaping.ts";

/** `x[a:b, 3, ..., None]`: parts along the axes, single places, new axes. */
function getItem(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const key = option(w, 1, "key", "slice_spec") ?? w.fail("BAD_MODEL", "says no place");
  const keys = isList(key) ? key : [key];
  const rank = w.shape(value).length;
  const taken = keys.filter((k) => k !== null && !isEllipsis(k)).length;
  if (taken > rank) w.fail("BAD_MODEL", `takes ${taken} places of a tensor with ${rank} axes`);
  const full = keys.flatMap((k): Json[] => (isEllipsis(k) ? new Array<Json>(rank - taken).fill({}) : [k]));
  let x = w.own(value);
  let axis = 0;
  const dropped: number[] = [];
  const added: number[] = [];
  for (const [place, k] of full.entries()) {
    if (k === null) added.push(place - dropped.length);
    else if (typeof k === "number") {
      x = slice(w, x, axis, k, k === -1 ? null : k + 1, 1);
      dropped.push(axis++);
    } else {
      const { start = null, stop = null, step = null } = sliceOf(w, k);
      if (start !== null || stop !== null || step !== null) x = slice(w, x, axis, start, stop, step ?? 1);
      axis++;
    }
  }
  if (dropped.length) x = w.emit("Squeeze", [x, w.ints(dropped)]);
  return w.fromOwn(added.length ? w.emit("Unsqueeze", [x, w.ints(added)]) : x);
}

function isEllipsis(key: Json): boolean {
  return (isObject(key) && (key.class_name === "__ellipsis__" || key.type === "ellipsis")) || key === "...";
}

function sliceOf(w: LayerWriter, key: Json): { start?: number | null; stop?: number | null; step?: number | null } {
  const parts = isObject(key) && isObject(key.config) ? key.config : key;
  const fine = isObject(parts) && [parts.start, parts.stop, parts.step].every((n) => n === undefined || n === null || typeof n === "number");
  return fine ? (parts as { start?: number | null }) : w.fail("UNSUPPORTED_LAYER", `takes the place ${JSON.stringify(key).slice(0, 60)}`);
}

/** The operand, or all of it in one axis, and the axis. */
function flatUnlessAxis(w: LayerWriter, i: number): { x: string; axis: number } {
  const x = w.own(tensorOperand(w, 0, ...NAMES, "params"));
  if (option(w, i, "axis") === undefined && !ofTensorFlow(w)) return { x: w.state.graph.reshape(x, [-1]), axis: 0 };
  return { x, axis: w.axis({ tensor: x }, intOption(w, 0, i, "axis")) };
}

/** Places along an axis by number: a list of them, one, or a tensor of numbers. */
function take(w: LayerWriter): Value {
  const { x, axis } = flatUnlessAxis(w, 2);
  const index = integers(w, ownOperand(w, 1, "indices"));
  const batch = intOption(w, 0, 9, "batch_dims");
  if (batch === 0) return w.fromOwn(w.emit("Gather", [x, index], { axis }));
  if (batch !== 1 || axis !== 1 || w.graphShape(index).length !== 2) return w.fail("UNSUPPORTED_LAYER", "takes other places in every batch of several axes");
  return w.fromOwn(w.emit("GatherND", [x, w.emit("Unsqueeze", [index, w.ints([2])])], { batch_dims: 1 }));
}

/** For every place of the index, the element at that number along the axis. */
function takeAlongAxis(w: LayerWriter): Value {
  const { x, axis } = flatUnlessAxis(w, 2);
  const flat = option(w, 2, "axis") === undefined && !ofTensorFlow(w);
  const given = integers(w, ownOperand(w, 1, "indices"));
  const index = flat ? w.state.graph.reshape(given, [-1]) : given;
  if (w.graphShape(index).length !== w.graphShape(x).length) w.fail("BAD_MODEL", "takes places by an index of more or fewer axes");
  // Both broadcast, but for the axis itself.
  const shape = w.graphShape(x).map((d, i) => (i === axis ? d : Math.max(d, w.graphShape(index)[i] as number)));
  const wide = (t: string) => {
    const wanted = shape.map((d, i) => (i === axis ? (w.graphShape(t)[i] as number) : d));
    return String(wanted) === String(w.graphShape(t)) ? t : w.emit("Expand", [t, w.ints(wanted)]);
  };
  return w.fromOwn(w.emit("GatherElements", [wide(x), wide(index)], { axis }));
}

/** Places of several axes at once: the last axis of the index holds one number for each. */
const gatherNd = (w: LayerWriter) =>
  w.fromOwn(
    w.emit("GatherND", [w.own(tensorOperand(w, 0, "params")), integers(w, ownOperand(w, 1, "indices"))], { batch_dims: intOption(w, 0, 9, "batch_dims") }),
  );

/** A box of a shape from a place on; −1 goes up to the end. */
function box(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, "inputs", "input_"));
  const starts = ownOperand(w, 1, "start_indices", "begin");
  const sizes = axesOption(w, 2, "shape", "size") ?? w.fail("BAD_MODEL", "says no shape");
  const first = w.state.graph.value(starts);
  if (first === undefined) return w.fail("UNSUPPORTED_LAYER", "starts at a place that depends on the picture");
  if (first.length !== sizes.length) w.fail("BAD_MODEL", `starts at ${first.length} places for ${sizes.length} sizes`);
  const ends = sizes.map((size, i) => (size === -1 ? 2 ** 31 - 1 : (first[i] as number) + size));
  return w.fromOwn(w.emit("Slice", [x, w.ints(first), w.ints(ends), w.ints(sizes.map((_, i) => i))]));
}

/** The tensor with a box in it replaced. What would reach beyond the end is moved back. */
function setBox(w: LayerWriter): Value {
  const x = ownOperand(w, 0, "inputs");
  const [starts, y] = [w.state.graph.value(ownOperand(w, 1, "start_indices")), ownOperand(w, 2, "updates")];
  if (starts === undefined) return w.fail("UNSUPPORTED_LAYER", "starts at a place that depends on the picture");
  const [shape, size] = [w.graphShape(x), w.graphShape(y)];
  const before = shape.map((d, i) => Math.min(Math.max(starts[i] as number, 0), d - (size[i] as number)));
  if (size.length !== shape.length || starts.length !== shape.length || before.some((n) => n < 0)) w.fail("BAD_MODEL", "puts a tensor into a smaller one");
  const pads = w.ints([...before, ...shape.map((d, i) => d - (size[i] as number) - (before[i] as number))]);
  const placed = w.emit("Pad", [y, pads, w.scalar(0)], { mode: "constant" });
  const ones = w.emit("Expand", [w.scalar(1), w.ints(size)]);
  const kept = compare(w, "Equal", w.emit("Pad", [ones, pads, w.scalar(0)], { mode: "constant" }), 0);
  return w.fromOwn(w.emit("Where", [kept, x, placed]));
}

/** Zeros with values added at places. */
function scatter(w: LayerWriter): Value {
  const [index, values] = [integers(w, ownOperand(w, 0, "indices")), ownOperand(w, 1, "values", "updates")];
  const shape = axesOption(w, 2, "shape") ?? w.fail("BAD_MODEL", "says no shape");
  return w.fromOwn(w.emit("ScatterND", [w.emit("Expand", [w.scalar(0), w.ints(shape)]), index, values], { reduction: "add" }));
}

/** A tensor with values put, added … at places. @param reduction where the options do not say it */
const scatterUpdate = (reduction?: string) => (w: LayerWriter) => {
  const [x, index, updates] = [ownOperand(w, 0, "inputs", "tensor"), integers(w, ownOperand(w, 1, "indices")), ownOperand(w, 2, "updates")];
  return w.fromOwn(w.emit("ScatterND", [x, index, updates], { reduction: reduction ?? String(option(w, 9, "reduction") ?? "none") }));
};

const COMBINE = { ReduceSum: 0, ReduceMax: -3.4028234663852886e38, ReduceMin: 3.4028234663852886e38, ReduceProd: 1 } as const;

/** Rows of the same segment summed, compared or multiplied; what a segment without rows holds is as in TensorFlow. */
const segment = (op: keyof typeof COMBINE) => (w: LayerWriter) => {
  const [x, ids] = [ownOperand(w, 0, "data"), ownOperand(w, 1, "segment_ids")];
  const count = option(w, 2, "num_segments");
  if (typeof count !== "number") return w.fail("UNSUPPORTED_LAYER", "does not say how many segments there are", "Give it num_segments.");
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_PARTS) w.fail("BAD_MODEL", `makes ${count} segments`);
  const [rows, ...rest] = w.graphShape(x) as [number, ...number[]];
  const isOf = w.emit("Equal", [w.state.graph.reshape(ids, [1, rows]), w.state.graph.reshape(counting(w, count), [count, 1])]);
  const wide = w.state.graph.reshape(isOf, [count, rows, ...rest.map(() => 1)]);
  const chosen = w.emit("Where", [wide, w.emit("Unsqueeze", [x, w.ints([0])]), w.scalar(COMBINE[op])]);
  return w.fromOwn(w.emit(op, [chosen, w.ints([1])], { keepdims: 0 }));
};

/** 1 at the place that each number says, 0 elsewhere, along a new axis. */
function oneHot(w: LayerWriter): Value {
  if (w.layer.className === "TensorFlowOpLayer") w.fail("UNSUPPORTED_LAYER", "is a node of TensorFlow's graph whose options are not read");
  const x = integers(w, ownOperand(w, 0, "x", "indices", "inputs"));
  const marks = hot(w, x, intOption(w, undefined, 1, "num_classes", "depth"), intOption(w, -1, 2, "axis"));
  const [on, off] = [numberOption(w, 1, Number.POSITIVE_INFINITY, "on_value"), numberOption(w, 0, Number.POSITIVE_INFINITY, "off_value")];
  return w.fromOwn(typed(w, on === 1 && off === 0 ? marks : add(w, mul(w, marks, on - off), off)));
}

const typed = (w: LayerWriter, x: string) => convert(w, x, String(option(w, 5, "dtype") ?? "float32"));

function hot(w: LayerWriter, x: string, classes: number, own: number): string {
  const rank = w.graphShape(x).length + 1;
  const axis = own < 0 ? own + rank : own;
  if (classes < 1 || classes > 2 ** 24 || axis < 0 || axis >= rank) w.fail("BAD_MODEL", `marks ${classes} classes along axis ${own}`);
  const numbers = w.state.graph.reshape(
    counting(w, classes),
    Array.from({ length: rank }, (_, i) => (i === axis ? classes : 1)),
  );
  return number(w, w.emit("Equal", [w.emit("Unsqueeze", [number(w, x), w.ints([axis])]), numbers]));
}

/** The marks of all numbers of a row in one. */
function multiHot(w: LayerWriter): Value {
  const x = ownOperand(w, 0, "inputs");
  const marks = hot(w, x, intOption(w, undefined, 1, "num_classes", "num_tokens"), intOption(w, -1, 2, "axis"));
  return w.fromOwn(typed(w, w.emit("ReduceMax", [marks, w.ints([w.graphShape(x).length > 1 ? 1 : 0])], { keepdims: 0 })));
}

/** The place in a tensor of a shape of each place in the flat one. */
function unravelIndex(w: LayerWriter): Value[] {
  const x = ownOperand(w, 0, "indices");
  if (w.graphShape(x).length !== 1) w.fail("UNSUPPORTED_LAYER", "is given places of several axes, for which each backend of Keras gives other numbers");
  const shape = axesOption(w, 1, "shape", "dims") ?? w.fail("BAD_MODEL", "says no shape");
  if (shape.some((size) => size < 1)) w.fail("BAD_MODEL", `has the shape ${shape.join(", ")}`);
  const steps = shape.map((_, i) => shape.slice(i + 1).reduce((n, d) => n * d, 1));
  const whole = (step: number) => w.emit("Floor", [mul(w, add(w, x, 0.5), 1 / step)]);
  return shape.map((size, i) => w.fromOwn(sub(w, whole(steps[i] as number), mul(w, whole((steps[i] as number) * size), size))));
}

export const indexingOperators: Operators = {
  gather_nd: gatherNd,
  get_item: getItem,
  multi_hot: multiHot,
  one_hot: oneHot,
  scatter,
  scatter_update: scatterUpdate(),
  segment_max: segment("ReduceMax"),
  segment_min: segment("ReduceMin"),
  segment_prod: segment("ReduceProd"),
  segment_sum: segment("ReduceSum"),
  slice: box,
  slice_update: setBox,
  take,
  take_along_axis: takeAlongAxis,
  tensor_scatter_nd_add: scatterUpdate("add"),
  tensor_scatter_nd_max: scatterUpdate("max"),
  tensor_scatter_nd_min: scatterUpdate("min"),
  unravel_index: unravelIndex,
};
