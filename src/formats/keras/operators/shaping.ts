// Operations that move elements about: shapes, orders, parts, joints. They work in Keras's order.

import { isList } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { padSymmetric } from "../layers/symmetric-padding.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { convert } from "./elementwise.ts";
import { axesOption, intOption, numberOption, option, ownOperand, tensorOperand } from "./operands.ts";

export const NAMES = ["x", "tensor", "input", "a"] as const;

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

/** Moved along axes, or through all elements; what leaves at the end comes in at the front. */
function roll(w: LayerWriter): Value {
  const given = tensorOperand(w, 0, ...NAMES);
  const [shifts, named] = [axesOption(w, 1, "shift") ?? [], axesOption(w, 2, "axis")];
  const value = named ? given : { tensor: w.state.graph.reshape(w.own(given), [-1]) };
  const axes = named ?? [0];
  if (axes.length !== shifts.length) w.fail("BAD_MODEL", `rolls ${axes.length} axes by ${shifts.length} numbers`);
  const tensor = axes.reduce((rolled, own, i) => {
    const axis = w.axis(value, own);
    const size = w.graphShape(rolled)[axis] as number;
    const cut = (((-(shifts[i] as number) % size) + size) % size) as number;
    return cut === 0 ? rolled : w.emit("Concat", [slice(w, rolled, axis, cut, null, 1), slice(w, rolled, axis, 0, cut, 1)], { axis });
  }, value.tensor);
  return named ? { ...value, tensor } : w.fromOwn(w.state.graph.reshape(tensor, w.shape(given)));
}

/** The places of an axis from one to before another, in steps; null stands for either end. */
export function slice(w: LayerWriter, x: string, axis: number, start: number | null, stop: number | null, step: number): string {
  const far = 2 ** 31 - 1;
  const [from, to] = [start ?? (step > 0 ? 0 : far), stop ?? (step > 0 ? far : -far)];
  return w.emit("Slice", [x, w.ints([from]), w.ints([to]), w.ints([axis]), w.ints([step])]);
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

/** All axes in one. */
const ravel = (w: LayerWriter) => ({ tensor: w.state.graph.reshape(w.own(tensorOperand(w, 0, ...NAMES)), [-1]) });

/** Turned by right angles, from the first of two axes towards the second. */
function rot90(w: LayerWriter, standard: readonly number[] = [0, 1]): Value {
  const x = w.own(tensorOperand(w, 0, "array", "m", ...NAMES));
  const [first, second] = (axesOption(w, 2, "axes") ?? standard).map((axis) => w.axis({ tensor: x }, axis)) as [number, number];
  const quarter = ((intOption(w, 1, 1, "k") % 4) + 4) % 4;
  const reversed = (t: string, axis: number) => slice(w, t, axis, null, null, -1);
  const swapped = (t: string) =>
    w.transpose(
      t,
      w.graphShape(t).map((_, i) => (i === first ? second : i === second ? first : i)),
    );
  const ways = [() => x, () => swapped(reversed(x, second)), () => reversed(reversed(x, first), second), () => reversed(swapped(x), second)];
  return w.fromOwn((ways[quarter] as () => string)());
}

/** Pictures [H, W, C], in batches or alone, turned by quarters to the left. */
const turnPictures = (w: LayerWriter) => rot90(w, [-3, -2]);

function transposePictures(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, "image"));
  const rank = w.graphShape(x).length;
  return w.fromOwn(
    w.transpose(
      x,
      w.graphShape(x).map((_, i) => (i === rank - 3 ? rank - 2 : i === rank - 2 ? rank - 3 : i)),
    ),
  );
}

const flipAlong = (axis: number) => (w: LayerWriter) => {
  const value = tensorOperand(w, 0, ...NAMES);
  return { ...value, tensor: slice(w, value.tensor, w.axis(value, axis), null, null, -1) };
};

function broadcastTo(w: LayerWriter): Value {
  const shape = axesOption(w, 1, "shape") ?? w.fail("BAD_MODEL", "says no shape");
  return w.fromOwn(w.emit("Expand", [ownOperand(w, 0, "x", "input"), w.ints(shape)]));
}

/** A tensor of one value, of another's shape or of a given one. */
const full = (like: boolean) => (w: LayerWriter) => {
  const value = ownOperand(w, like ? 1 : 0, "fill_value");
  const shape = like ? w.graphShape(ownOperand(w, 0, "x")) : (axesOption(w, 1, "shape") ?? w.fail("BAD_MODEL", "says no shape"));
  return w.fromOwn(w.emit("Expand", [convert(w, value, String(option(w, 2, "dtype") ?? "float32")), w.ints(shape)]));
};

/** "b (h p) c -> b h (p c)": axes taken apart, moved and put together. */
function rearrange(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, "tensor"));
  const pattern = option(w, 1, "pattern");
  const sides = typeof pattern === "string" ? pattern.split("->").map((side) => side.match(/\w+|\(.*?\)/g) ?? []) : [];
  const [from, to] = sides.length === 2 ? (sides as unknown as [string[], string[]]) : w.fail("BAD_MODEL", `rearranges by ${JSON.stringify(pattern)}`);
  const shape = w.graphShape(x);
  if (from.length !== shape.length) w.fail("BAD_MODEL", `rearranges ${shape.length} axes by "${pattern}"`);
  const single = (group: string) => group.match(/\w+/g) ?? [];
  const sizes = new Map<string, number>();
  for (const [i, group] of from.entries()) {
    const names = single(group);
    const known = names.map((name) => (names.length === 1 ? shape[i] : option(w, Number.POSITIVE_INFINITY, name)));
    const product = known.reduce((n: number, size) => n * (typeof size === "number" ? size : 1), 1);
    for (const [k, name] of names.entries()) sizes.set(name, typeof known[k] === "number" ? (known[k] as number) : (shape[i] as number) / product);
  }
  const [axes, moved] = [from.flatMap(single), to.flatMap(single)];
  if (String([...axes].sort()) !== String([...moved].sort()) || [...sizes.values()].some((size) => !Number.isSafeInteger(size) || size < 1)) {
    w.fail("BAD_MODEL", `rearranges the shape ${shape.join(", ")} by "${pattern}"`);
  }
  const sizeOf = (name: string) => sizes.get(name) as number;
  const apart = w.state.graph.reshape(x, axes.map(sizeOf));
  const order = moved.map((name) => axes.indexOf(name));
  return w.fromOwn(
    w.state.graph.reshape(
      w.transpose(apart, order),
      to.map((group) => single(group).reduce((n, name) => n * sizeOf(name), 1)),
    ),
  );
}

/** The number of elements. */
const size = (w: LayerWriter) => ({ tensor: w.emit("Cast", [w.emit("Size", [w.own(tensorOperand(w, 0, ...NAMES))])], { to: 1 }) });

export const shapingOperators: Operators = {
  broadcast_to: broadcastTo,
  expand_dims: expandDims,
  flatten,
  flip,
  fliplr: flipAlong(1),
  flip_left_right: flipAlong(-2),
  flip_up_down: flipAlong(-3),
  flipud: flipAlong(0),
  full: full(false),
  full_like: full(true),
  moveaxis: moveAxis,
  pad,
  ravel,
  rearrange,
  reshape,
  roll,
  rot90: (w) => rot90(w),
  size,
  squeeze,
  swapaxes: swapAxes,
  transpose,
  transpose_pictures: transposePictures,
  turn_pictures: turnPictures,
};
