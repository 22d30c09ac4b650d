// Operations that move elements about: shapes, orders, parts, joints. They work in Keras's order.

import { isList, isObject, type Json } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { padSymmetric } from "../layers/symmetric-padding.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, constantOf, intOption, numberOption, operand, option, tensorOperand } from "./operands.ts";

/** More parts than any network splits a tensor into. */
const MOST_PARTS = 4096;

const NAMES = ["x", "tensor", "input", "a"] as const;

function reshape(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const target = axesOption(w, 1, "newshape", "shape") ?? w.fail("BAD_MODEL", "says no shape");
  return w.fromOwn(w.emit("Reshape", [w.own(value), w.ints(target)]));
}

function transpose(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const rank = w.shape(value).length;
  const order = axesOption(w, 1, "axes", "perm") ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  return w.fromOwn(
    w.transpose(
      w.own(value),
      order.map((axis) => (axis < 0 ? axis + rank : axis)),
    ),
  );
}

function expandDims(w: LayerWriter): Value {
  const axes = axesOption(w, 1, "axis") ?? w.fail("BAD_MODEL", "says no axis");
  return w.fromOwn(w.emit("Unsqueeze", [w.own(tensorOperand(w, 0, ...NAMES)), w.ints(axes)]));
}

function squeeze(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const shape = w.shape(value);
  const axes = axesOption(w, 1, "axis") ?? shape.flatMap((d, i) => (d === 1 ? [i] : []));
  return w.fromOwn(axes.length ? w.emit("Squeeze", [w.own(value), w.ints(axes)]) : w.own(value));
}

/** The tensors of an operand that is a list. */
function listed(w: LayerWriter): Value[] {
  const list = operand(w, 0, "xs", "values", "x", "arrays");
  const items = list?.kind === "list" ? list.items : list ? [list] : [];
  return items.map((item) => (item.kind === "tensor" ? item.tensor : w.fail("UNSUPPORTED_LAYER", "joins tensors with constants")));
}

function concatenate(w: LayerWriter): Value {
  const { tensors, order } = w.aligned(listed(w));
  const axis = w.axis({ tensor: tensors[0] as string, order }, intOption(w, -1, 1, "axis"));
  const joined = w.emit("Concat", tensors, { axis });
  return order ? { tensor: joined, order } : w.fromOwn(joined);
}

function stack(w: LayerWriter): Value {
  const axis = intOption(w, 0, 1, "axis");
  const items = listed(w).map((value) => w.emit("Unsqueeze", [w.own(value), w.ints([axis])]));
  return w.fromOwn(w.emit("Concat", items, { axis: axis < 0 ? axis + w.graphShape(items[0] as string).length : axis }));
}

/** Equal parts, or parts between given places; tf.split is given their sizes instead. */
function split(w: LayerWriter): Value[] {
  const value = tensorOperand(w, 0, "x", "value");
  const axis = w.axis(value, intOption(w, 0, 2, "axis"));
  const size = w.graphShape(value.tensor)[axis] as number;
  const ends = splitEnds(w, size);
  return ends.map((end, i) => ({ ...value, tensor: slice(w, value.tensor, axis, ends[i - 1] ?? 0, end, 1) }));
}

function splitEnds(w: LayerWriter, size: number): number[] {
  const sections = option(w, 1, "indices_or_sections", "num_or_size_splits");
  const count = isList(sections) ? sections.length : Number(sections);
  if (!Number.isInteger(count) || count < 1 || count > MOST_PARTS) w.fail("BAD_MODEL", `splits ${size} places by ${JSON.stringify(sections)}`);
  if (!isList(sections)) {
    if (size % count !== 0) w.fail("BAD_MODEL", `splits ${size} places into ${count} equal parts`);
    return Array.from({ length: count }, (_, i) => ((i + 1) * size) / count);
  }
  const numbers = sections.map((place) => (Number.isSafeInteger(place) ? (place as number) : w.fail("BAD_MODEL", `splits at ${JSON.stringify(place)}`)));
  if (option(w, 1, "indices_or_sections") !== undefined) return [...numbers, size];
  return numbers.map((_, i) => numbers.slice(0, i + 1).reduce((sum, n) => sum + n, 0));
}

/** One value for each place along an axis. */
function unstack(w: LayerWriter): Value[] {
  const x = w.own(tensorOperand(w, 0, "x", "value"));
  const shape = w.graphShape(x);
  const axis = w.axis({ tensor: x }, intOption(w, 0, 9, "axis"));
  if ((shape[axis] as number) > MOST_PARTS) w.fail("BAD_MODEL", `takes ${shape[axis]} places apart`);
  return Array.from({ length: shape[axis] as number }, (_, i) => w.fromOwn(w.emit("Squeeze", [slice(w, x, axis, i, i + 1, 1), w.ints([axis])])));
}

/** Two axes change places. */
function swapAxes(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, ...NAMES));
  const [a, b] = [intOption(w, 0, 1, "axis1"), intOption(w, 1, 2, "axis2")].map((axis) => w.axis({ tensor: x }, axis)) as [number, number];
  const order = w.graphShape(x).map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  return w.fromOwn(w.transpose(x, order));
}

/** Axes move to other places; the rest stay in their order. */
function moveAxis(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, ...NAMES));
  const places = (name: string, i: number) => (axesOption(w, i, name) ?? []).map((axis) => w.axis({ tensor: x }, axis));
  const [from, to] = [places("source", 1), places("destination", 2)];
  const rest = w.graphShape(x).flatMap((_, axis) => (from.includes(axis) ? [] : [axis]));
  const order = w.graphShape(x).map((_, axis) => {
    const moved = from[to.indexOf(axis)];
    return moved ?? (rest.shift() as number);
  });
  return w.fromOwn(w.transpose(x, order));
}

/** Places along an axis by number: a list of them, one, or a tensor of numbers. */
function take(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, ...NAMES));
  const axis = w.axis({ tensor: x }, intOption(w, undefined, 2, "axis"));
  const places = operand(w, 1, "indices");
  const index = places?.kind === "tensor" ? w.own(places.tensor) : constantOf(w, places?.kind === "value" ? places.value : null);
  return w.fromOwn(w.emit("Gather", [x, w.emit("Cast", [index], { to: 7 })], { axis }));
}

/** Moved along an axis; what leaves at the end comes in at the front. */
function roll(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const [shifts, axes] = [axesOption(w, 1, "shift") ?? [], axesOption(w, 2, "axis") ?? []];
  if (axes.length === 0 || axes.length !== shifts.length) w.fail("UNSUPPORTED_LAYER", "rolls over all axes at once");
  const tensor = axes.reduce((rolled, own, i) => {
    const axis = w.axis(value, own);
    const size = w.graphShape(rolled)[axis] as number;
    const cut = (((-(shifts[i] as number) % size) + size) % size) as number;
    return cut === 0 ? rolled : w.emit("Concat", [slice(w, rolled, axis, cut, null, 1), slice(w, rolled, axis, 0, cut, 1)], { axis });
  }, value.tensor);
  return { ...value, tensor };
}

/** Every place along an axis several times, one behind the other. */
function repeat(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const axis = w.axis(value, intOption(w, undefined, 2, "axis"));
  const times = intOption(w, 1, 1, "repeats");
  const shape = w.graphShape(value.tensor);
  const tiled = w.emit("Tile", [w.emit("Unsqueeze", [value.tensor, w.ints([axis + 1])]), w.ints([...shape, 1].map((_, i) => (i === axis + 1 ? times : 1)))]);
  if (axis === 0) w.fail("UNSUPPORTED_LAYER", "repeats along the batch");
  return {
    ...value,
    tensor: w.reshape(
      tiled,
      shape.slice(1).map((d, i) => (i + 1 === axis ? d * times : d)),
    ),
  };
}

/** The whole tensor several times along each axis. */
function tile(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, ...NAMES));
  const times = axesOption(w, 1, "repeats", "multiples") ?? w.fail("BAD_MODEL", "says no repeats");
  const rank = w.graphShape(x).length;
  if (times.length > rank) w.fail("UNSUPPORTED_LAYER", `tiles a tensor of ${rank} axes along ${times.length}`);
  return w.fromOwn(w.emit("Tile", [x, w.ints([...new Array<number>(rank - times.length).fill(1), ...times])]));
}

/** `x[a:b, 3, ..., None]`: parts along the axes, single places, new axes. */
function getItem(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES, "tensor");
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

function slice(w: LayerWriter, x: string, axis: number, start: number | null, stop: number | null, step: number): string {
  const far = 2 ** 31 - 1;
  const [from, to] = [start ?? (step > 0 ? 0 : far), stop ?? (step > 0 ? far : -far)];
  return w.emit("Slice", [x, w.ints([from]), w.ints([to]), w.ints([axis]), w.ints([step])]);
}

function isEllipsis(key: Json): boolean {
  return (isObject(key) && (key.class_name === "__ellipsis__" || key.type === "ellipsis")) || key === "...";
}

function sliceOf(w: LayerWriter, key: Json): { start?: number | null; stop?: number | null; step?: number | null } {
  const parts = isObject(key) && isObject(key.config) ? key.config : key;
  const fine = isObject(parts) && [parts.start, parts.stop, parts.step].every((n) => n === undefined || n === null || typeof n === "number");
  return fine ? (parts as { start?: number | null }) : w.fail("UNSUPPORTED_LAYER", `takes the place ${JSON.stringify(key).slice(0, 60)}`);
}

function pad(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const widths = option(w, 1, "pad_width", "paddings");
  const pairs = isList(widths)
    ? widths.map((pair) => (isList(pair) ? pair.map(Number) : [Number(pair), Number(pair)]))
    : w.fail("BAD_MODEL", "says no padding");
  const mode = String(option(w, 2, "mode") ?? "constant").toLowerCase();
  if (pairs.some((pair) => pair.length !== 2 || !pair.every(Number.isSafeInteger))) w.fail("BAD_MODEL", `pads by ${JSON.stringify(widths).slice(0, 60)}`);
  if (mode === "symmetric") return w.fromOwn(padSymmetric(w.state.graph, w.own(value), pairs as [number, number][]));
  const known = ["constant", "reflect", "edge"].find((each) => each === mode) ?? w.fail("UNSUPPORTED_LAYER", `pads by "${mode}"`);
  const pads = [...pairs.map((pair) => pair[0] as number), ...pairs.map((pair) => pair[1] as number)];
  const fill = known === "constant" ? [w.scalar(numberOption(w, 0, 3, "constant_values"))] : [];
  return w.fromOwn(w.emit("Pad", [w.own(value), w.ints(pads), ...fill], { mode: known }));
}

function flatten(w: LayerWriter): Value {
  return { tensor: w.emit("Flatten", [w.own(tensorOperand(w, 0, ...NAMES))], { axis: 1 }) };
}

function flip(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const axes = axesOption(w, 1, "axis") ?? w.shape(value).map((_, i) => i);
  const tensor = axes.reduce((turned, axis) => slice(w, turned, w.axis(value, axis), null, null, -1), value.tensor);
  return { ...value, tensor };
}

export const shapingOperators: Operators = {
  concatenate,
  expand_dims: expandDims,
  flatten,
  flip,
  get_item: getItem,
  moveaxis: moveAxis,
  pad,
  repeat,
  reshape,
  roll,
  split,
  squeeze,
  stack,
  swapaxes: swapAxes,
  take,
  tile,
  transpose,
  unstack,
};
