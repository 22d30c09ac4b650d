// Operations that join tensors, take them apart and repeat them.

import { isList } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, intOption, listOperand, number, option, ownOperand, tensorOperand } from "./operands.ts";
import { NAMES, slice } from "./shaping.ts";

/** More parts than any network splits a tensor into. */
export const MOST_PARTS = 4096;

const JOINED = ["xs", "values", "x", "arrays", "inputs"] as const;

/** The tensors as numbers, unless all of them are truth values. */
function ofOneType(w: LayerWriter, values: readonly Value[]): Value[] {
  return values.every(({ tensor }) => w.dtype(tensor) === "bool") ? [...values] : values.map((value) => ({ ...value, tensor: number(w, value.tensor) }));
}

function join(w: LayerWriter, values: readonly Value[], own: number): Value {
  const { tensors, order } = w.aligned(ofOneType(w, values));
  const axis = w.axis({ tensor: tensors[0] as string, order }, own);
  const joined = w.emit("Concat", tensors, { axis });
  return order ? { tensor: joined, order } : w.fromOwn(joined);
}

const concatenate = (w: LayerWriter) => join(w, listOperand(w, 0, ...JOINED), intOption(w, -1, 1, "axis"));

function stack(w: LayerWriter): Value {
  const axis = intOption(w, 0, 1, "axis");
  const items = ofOneType(w, listOperand(w, 0, ...JOINED)).map((value) => ({ tensor: w.emit("Unsqueeze", [w.own(value), w.ints([axis])]) }));
  return join(w, items, axis);
}

/** One tensor behind another along an axis, or both flat. */
function append(w: LayerWriter): Value {
  const both = [ownOperand(w, 0, "x1"), ownOperand(w, 1, "x2")];
  const axis = option(w, 2, "axis");
  return join(
    w,
    both.map((x) => ({ tensor: axis === undefined ? w.state.graph.reshape(x, [-1]) : x })),
    axis === undefined ? 0 : intOption(w, 0, 2, "axis"),
  );
}

/** Along an axis, with as many axes as that takes: `places` of the shape's own sizes among 1s. */
const stackAlong = (axis: (rank: number) => number, widen: (shape: readonly number[]) => readonly number[]) => (w: LayerWriter) => {
  const wide = ofOneType(w, listOperand(w, 0, ...JOINED)).map((value) => {
    const x = w.own(value);
    return { tensor: w.state.graph.reshape(x, widen(w.graphShape(x))) };
  });
  return join(w, wide, axis(w.graphShape((wide[0] as Value).tensor).length));
};

const atLeast = (count: number) => (shape: readonly number[]) => [...new Array<number>(Math.max(count - shape.length, 0)).fill(1), ...shape];

/** Vectors become [1, n, 1], matrices [m, n, 1]. */
const asVolume = (shape: readonly number[]) => (shape.length > 2 ? shape : [...atLeast(2)(shape), 1]);

/** The parts of a tensor between `ends` along an axis. */
function parts(w: LayerWriter, value: Value, axis: number, ends: readonly number[]): Value[] {
  return ends.map((end, i) => ({ ...value, tensor: slice(w, value.tensor, axis, ends[i - 1] ?? 0, end, 1) }));
}

/** Equal parts, or parts between given places; tf.split is given their sizes instead. */
const split =
  (place: (rank: number) => number | undefined, even = true) =>
  (w: LayerWriter) => {
    const value = tensorOperand(w, 0, "x", "value", "ary");
    const axis = w.axis(value, place(w.shape(value).length) ?? intOption(w, 0, 2, "axis"));
    return parts(w, value, axis, splitEnds(w, w.graphShape(value.tensor)[axis] as number, even));
  };

function splitEnds(w: LayerWriter, size: number, even: boolean): number[] {
  const sections = option(w, 1, "indices_or_sections", "num_or_size_splits");
  const count = isList(sections) ? sections.length : Number(sections);
  if (!Number.isInteger(count) || count < 1 || count > MOST_PARTS) w.fail("BAD_MODEL", `splits ${size} places by ${JSON.stringify(sections)}`);
  if (!isList(sections)) {
    if (even && size % count !== 0) w.fail("BAD_MODEL", `splits ${size} places into ${count} equal parts`);
    // The first parts take what does not divide.
    return Array.from({ length: count }, (_, i) => (i + 1) * Math.floor(size / count) + Math.min(i + 1, size % count));
  }
  const numbers = sections.map((place) => (Number.isSafeInteger(place) ? (place as number) : w.fail("BAD_MODEL", `splits at ${JSON.stringify(place)}`)));
  if (option(w, 1, "indices_or_sections") !== undefined) return [...numbers, size];
  const known = numbers.filter((n) => n >= 0).reduce((sum, n) => sum + n, 0);
  const sizes = numbers.map((n) => (n < 0 ? size - known : n));
  return sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, n) => sum + n, 0));
}

/** One value for each place along an axis. */
function unstack(w: LayerWriter): Value[] {
  const x = w.own(tensorOperand(w, 0, "x", "value"));
  const shape = w.graphShape(x);
  const axis = w.axis({ tensor: x }, intOption(w, 0, 9, "axis"));
  if ((shape[axis] as number) > MOST_PARTS) w.fail("BAD_MODEL", `takes ${shape[axis]} places apart`);
  return Array.from({ length: shape[axis] as number }, (_, i) => w.fromOwn(w.emit("Squeeze", [slice(w, x, axis, i, i + 1, 1), w.ints([axis])])));
}

/** Every place along an axis several times, one behind the other; each as often as a list says. Flat if there is no axis. */
function repeat(w: LayerWriter): Value {
  const given = w.own(tensorOperand(w, 0, ...NAMES));
  const flat = option(w, 2, "axis") === undefined;
  const x = flat ? w.state.graph.reshape(given, [-1]) : given;
  const axis = w.axis({ tensor: x }, flat ? 0 : intOption(w, 0, 2, "axis"));
  const size = w.graphShape(x)[axis] as number;
  const listed = axesOption(w, 1, "repeats") ?? w.fail("BAD_MODEL", "says no repeats");
  const times = listed.length === 1 ? (listed[0] as number) : undefined;
  if (listed.some((n) => n < 0 || n > 2 ** 24) || (times === undefined && listed.length !== size))
    w.fail("BAD_MODEL", `repeats ${size} places ${listed.slice(0, 9).join(", ")} times`);
  if (times === undefined) return w.fromOwn(w.emit("Gather", [x, w.ints(listed.flatMap((n, i) => new Array<number>(n).fill(i)))], { axis }));
  const shape = w.graphShape(x);
  const tiled = w.emit("Tile", [w.emit("Unsqueeze", [x, w.ints([axis + 1])]), w.ints([...shape, 1].map((_, i) => (i === axis + 1 ? times : 1)))]);
  return w.fromOwn(
    w.state.graph.reshape(
      tiled,
      shape.map((d, i) => (i === axis ? d * times : d)),
    ),
  );
}

/** The whole tensor several times along each axis; missing axes are put in front. */
function tile(w: LayerWriter): Value {
  const x = w.own(tensorOperand(w, 0, ...NAMES));
  const times = axesOption(w, 1, "repeats", "multiples") ?? w.fail("BAD_MODEL", "says no repeats");
  const wide = w.state.graph.reshape(x, atLeast(times.length)(w.graphShape(x)));
  const rank = w.graphShape(wide).length;
  return w.fromOwn(w.emit("Tile", [wide, w.ints([...new Array<number>(rank - times.length).fill(1), ...times])]));
}

/** One tensor for each vector, with it along its own axis. */
function meshgrid(w: LayerWriter): Value[] {
  const flat = w.call.args
    .flatMap((argument) => (argument.kind === "list" ? argument.items : [argument]))
    .map((_, i) => w.state.graph.reshape(ownOperand(w, i, "x"), [-1]));
  const sizes = flat.map((x) => w.graphShape(x)[0] as number);
  const turned = option(w, Number.POSITIVE_INFINITY, "indexing") !== "ij" && flat.length > 1;
  const places = flat.map((_, i) => (turned && i < 2 ? 1 - i : i));
  const shape = places.map((place) => sizes[place] as number);
  return flat.map((x, i) =>
    w.fromOwn(
      w.emit("Expand", [
        w.state.graph.reshape(
          x,
          shape.map((d, place) => (places[i] === place ? d : 1)),
        ),
        w.ints(shape),
      ]),
    ),
  );
}

/** The sum of all tensors of a list. */
function addAll(w: LayerWriter): Value {
  const { tensors, order } = w.aligned(listOperand(w, 0, ...JOINED));
  const sum = tensors.reduce((total, x) => w.emit("Add", [total, x]));
  return order ? { tensor: sum, order } : w.fromOwn(sum);
}

export const joiningOperators: Operators = {
  add_n: addAll,
  append,
  array_split: split(() => undefined, false),
  concatenate,
  dsplit: split(() => 2),
  dstack: stackAlong(() => 2, asVolume),
  hsplit: split((rank) => (rank === 1 ? 0 : 1)),
  hstack: stackAlong((rank) => (rank === 1 ? 0 : 1), atLeast(1)),
  meshgrid,
  repeat,
  split: split(() => undefined),
  stack,
  tile,
  unstack,
  vsplit: split(() => 0),
  vstack: stackAlong(
    () => 0,
    (shape) => shape,
  ),
};
