// Layers of several inputs.

import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { Value } from "./value.ts";

/** The inputs with as many axes each: Keras puts axes of size 1 behind the batch. */
function sameRank(w: LayerWriter): Value[] {
  const rank = Math.max(...w.inputs.map((input) => w.shape(input).length));
  return w.inputs.map((input) => {
    const shape = w.shape(input);
    if (shape.length === rank) return input;
    return { tensor: w.reshape(w.own(input), [...new Array<number>(rank - shape.length).fill(1), ...shape.slice(1)]) };
  });
}

function merge(kind: string, join: (w: LayerWriter, tensors: readonly string[]) => string): LayerDef {
  return {
    kind,
    emit: (w) => {
      if (w.inputs.length < 2) return w.input;
      const { tensors, order } = w.aligned(sameRank(w));
      const joined = join(w, tensors);
      return order ? { tensor: joined, order } : w.fromOwn(joined);
    },
  };
}

const Concatenate: LayerDef = {
  kind: "Concatenate",
  emit: (w) => {
    if (w.inputs.length < 2) return w.input;
    const { tensors, order } = w.aligned(w.inputs);
    const axis = w.axis({ tensor: tensors[0] as string, order }, w.config.int("axis", -1));
    const joined = w.emit("Concat", tensors, { axis });
    return order ? { tensor: joined, order } : w.fromOwn(joined);
  },
};

/** Sums products along one axis of each input; with `normalize`, the cosine of the angle between them. `cosine` is Keras 1's mode. */
const Dot: LayerDef = {
  kind: "Dot",
  emit: (w) => {
    const [a, b] = w.inputs;
    if (!a || !b || w.inputs.length !== 2) return w.fail("BAD_MODEL", `is called with ${w.inputs.length} inputs, but needs two`);
    return w.fromOwn(w.config.flag("cosine", false) ? cosine(w, a, b) : dot(w, a, b));
  },
};

/** [batch, rest of a, summed] · [batch, summed, rest of b] */
function dot(w: LayerWriter, a: Value, b: Value): string {
  const axes = w.config.ints("axes", 2);
  const left = summedLast(w, a, axes[0] as number);
  const right = summedLast(w, b, axes[1] as number);
  const product = w.emit("Einsum", [left.flat, right.flat], { equation: "nas,nbs->nab" });
  const rest = [...left.rest, ...right.rest];
  return w.reshape(product, rest.length ? rest : [1]);
}

/** Keras 1's cosine, a · b / √((a · a)(b · b)), which stands behind one more axis. */
function cosine(w: LayerWriter, a: Value, b: Value): string {
  const lengths = w.emit("Sqrt", [w.emit("Mul", [dot(w, a, a), dot(w, b, b)])]);
  return w.emit("Unsqueeze", [w.emit("Div", [dot(w, a, b), w.emit("Max", [lengths, w.scalar(1e-7)])]), w.ints([1])]);
}

/** The input as `[batch, everything else, summed axis]`. */
function summedLast(w: LayerWriter, value: Value, axis: number): { flat: string; rest: number[] } {
  const shape = w.shape(value);
  const own = axis < 0 ? axis + shape.length : axis;
  if (own < 1 || own >= shape.length) w.fail("BAD_MODEL", `sums over axis ${axis} of an input with ${shape.length} axes`);
  const others = shape.map((_, i) => i).filter((i) => i > 0 && i !== own);
  const moved = w.transpose(w.own(value), [0, ...others, own]);
  const rest = others.map((i) => shape[i] as number);
  const flat = w.reshape(moved, [rest.reduce((n, d) => n * d, 1), shape[own] as number]);
  return { flat: w.config.flag("normalize", false) ? normalized(w, flat) : flat, rest };
}

function normalized(w: LayerWriter, x: string): string {
  const sum = w.emit("ReduceSum", [w.emit("Mul", [x, x]), w.ints([-1])], { keepdims: 1 });
  return w.emit("Div", [x, w.emit("Sqrt", [w.emit("Max", [sum, w.scalar(1e-12)])])]);
}

export const mergeLayers: readonly LayerDef[] = [
  merge("Add", (w, tensors) => w.emit(tensors.length === 2 ? "Add" : "Sum", tensors)),
  merge("Subtract", (w, tensors) => w.emit("Sub", tensors)),
  merge("Multiply", (w, tensors) => tensors.reduce((product, tensor) => w.emit("Mul", [product, tensor]))),
  merge("Average", (w, tensors) => w.emit("Mean", tensors)),
  merge("Maximum", (w, tensors) => w.emit("Max", tensors)),
  merge("Minimum", (w, tensors) => w.emit("Min", tensors)),
  Concatenate,
  Dot,
];
