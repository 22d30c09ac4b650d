// Operations that move elements about: shapes, orders, parts, joints. They work in Keras's order.

import { isList, isObject, type Json } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { fitToAspect, resize } from "../layers/resizing.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, numberOption, operand, option, tensorOperand } from "./operands.ts";

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
  const axis = w.axis({ tensor: tensors[0] as string, order }, numberOption(w, -1, 1, "axis"));
  const joined = w.emit("Concat", tensors, { axis });
  return order ? { tensor: joined, order } : w.fromOwn(joined);
}

function stack(w: LayerWriter): Value {
  const axis = numberOption(w, 0, 1, "axis");
  const items = listed(w).map((value) => w.emit("Unsqueeze", [w.own(value), w.ints([axis])]));
  return w.fromOwn(w.emit("Concat", items, { axis: axis < 0 ? axis + w.graphShape(items[0] as string).length : axis }));
}

/** Equal parts, or parts between given places. */
function split(w: LayerWriter): Value[] {
  const value = tensorOperand(w, 0, "x", "value");
  const axis = w.axis(value, numberOption(w, 0, 2, "axis"));
  const size = w.graphShape(value.tensor)[axis] as number;
  const sections = option(w, 1, "indices_or_sections", "num_or_size_splits");
  const count = typeof sections === "number" ? sections : w.fail("UNSUPPORTED_LAYER", "splits at uneven places");
  const part = size / count;
  if (!Number.isInteger(part) || count < 1 || count > MOST_PARTS) w.fail("BAD_MODEL", `splits ${size} places into ${count} equal parts`);
  return Array.from({ length: count }, (_, i) => ({
    ...value,
    tensor: w.emit("Slice", [value.tensor, w.ints([i * part]), w.ints([(i + 1) * part]), w.ints([axis])]),
  }));
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
  const known = ["constant", "reflect", "edge"].find((each) => each === mode) ?? w.fail("UNSUPPORTED_LAYER", `pads by "${mode}"`);
  const pads = [...pairs.map((pair) => pair[0] as number), ...pairs.map((pair) => pair[1] as number)];
  const fill = known === "constant" ? [w.scalar(numberOption(w, 0, 3, "constant_values"))] : [];
  return w.fromOwn(w.emit("Pad", [w.own(value), w.ints(pads), ...fill], { mode: known }));
}

/** A plain value that is only ever given by name. */
const named = (w: LayerWriter, name: string) => option(w, Number.POSITIVE_INFINITY, name);

function resizeImage(w: LayerWriter): Value {
  const value = tensorOperand(w, 0, "images", "x");
  const size = axesOption(w, 1, "size") ?? w.fail("BAD_MODEL", "says no size");
  if (size.length !== 2) w.fail("BAD_MODEL", `resizes to ${size.length} sizes`);
  if (named(w, "preserve_aspect_ratio") === true) w.fail("UNSUPPORTED_LAYER", "uses preserve_aspect_ratio");
  const interpolation = String(option(w, 2, "interpolation", "method") ?? "bilinear");
  const fill = named(w, "fill_value");
  const fitting = { cut: named(w, "crop_to_aspect_ratio") === true, pad: named(w, "pad_to_aspect_ratio") === true, fill: typeof fill === "number" ? fill : 0 };
  const fitted = fitToAspect(w, w.channelsAtOne(value), [size[0] as number, size[1] as number], fitting);
  return w.fromChannelsAtOne(resize(w, fitted, size, interpolation, named(w, "antialias") === true));
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
  pad,
  reshape,
  resize: resizeImage,
  split,
  squeeze,
  stack,
  transpose,
};
