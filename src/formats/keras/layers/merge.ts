// Layers of several inputs.

import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { lazily, type MaskRule } from "./masks.ts";
import type { Mask, Value } from "./value.ts";

/** The inputs with as many axes each: Keras puts axes of size 1 behind the batch. */
function sameRank(w: LayerWriter): Value[] {
  const rank = Math.max(...w.inputs.map((input) => w.shape(input).length));
  return w.inputs.map((input) => {
    const shape = w.shape(input);
    if (shape.length === rank) return input;
    return { tensor: w.reshape(w.own(input), [...new Array<number>(rank - shape.length).fill(1), ...shape.slice(1)]) };
  });
}

type Join = (w: LayerWriter, tensors: readonly string[]) => string;

/** @param joinMasked joins inputs, in Keras's order, whose masks matter: Keras 3's products and extremes */
function merge(kind: string, join: Join, joinMasked?: (w: LayerWriter, inputs: readonly Masked[]) => string): LayerDef {
  return {
    kind,
    masks: joinedMask,
    emit: (w) => {
      if (w.inputs.length < 2) return w.input;
      const inputs = sameRank(w);
      if (joinMasked && w.state.masks.keras3 && inputs.some(({ masked }) => masked?.mask)) {
        return w.fromOwn(
          joinMasked(
            w,
            inputs.map((input) => withCounted(w, input)),
          ),
        );
      }
      const { tensors, order } = w.aligned(inputs);
      const joined = join(w, tensors);
      return order ? { tensor: joined, order } : w.fromOwn(joined);
    },
  };
}

/** Since Keras 3 what counts in any input, if all have masks; before, what counts in all that have one. */
const joinedMask: MaskRule = (w) => {
  const masks = w.masks.filter((mask) => mask !== undefined);
  if (masks.length === 0 || (w.state.masks.keras3 && masks.length < w.inputs.length)) return [];
  return [lazily(w.state, () => joinTruth(w, masks))];
};

function joinTruth(w: LayerWriter, masks: readonly Mask[]): string {
  return masks.map((mask) => mask()).reduce((a, b) => w.emit(w.state.masks.keras3 ? "Or" : "And", [a, b]));
}

/** A tensor in Keras's order, and where its values count, as broadcasting takes it. */
interface Masked {
  readonly tensor: string;
  readonly counts?: string;
}

function withCounted(w: LayerWriter, input: Value): Masked {
  const mask = input.masked?.mask;
  return { tensor: w.own(input), ...(mask ? { counts: w.emit("Unsqueeze", [mask(), w.ints([-1])]) } : {}) };
}

/** What does not count is 1 in the product, or 0 if that holds for every input. */
function maskedProduct(w: LayerWriter, inputs: readonly Masked[]): string {
  const factors = inputs.map(({ tensor, counts }) => (counts ? w.emit("Where", [counts, tensor, w.scalar(1)]) : tensor));
  const product = factors.reduce((a, b) => w.emit("Mul", [a, b]));
  const counts = inputs.map((input) => input.counts).filter((mask) => mask !== undefined);
  if (counts.length < inputs.length) return product;
  const any = counts.reduce((a, b) => w.emit("Or", [a, b]));
  return w.emit("Where", [any, product, w.scalar(0)]);
}

/** Of two inputs the one that counts, or the larger or smaller one where both do; and so on, as Keras goes through them. */
const maskedExtreme = (op: "Max" | "Min") => (w: LayerWriter, inputs: readonly Masked[]) => {
  const join = (a: Masked, b: Masked): Masked => {
    const second = b.counts ? w.emit("Where", [b.counts, b.tensor, a.tensor]) : b.tensor;
    const first = a.counts ? w.emit("Where", [a.counts, a.tensor, second]) : a.tensor;
    const tensor = w.emit(op, [first, second]);
    return a.counts && b.counts ? { tensor, counts: w.emit("Or", [a.counts, b.counts]) } : { tensor };
  };
  return inputs.reduce(join).tensor;
};

const Concatenate: LayerDef = {
  kind: "Concatenate",
  masks: (w) => {
    const { masks } = w;
    return masks.some((mask) => mask !== undefined) ? [lazily(w.state, () => concatenatedMask(w, masks))] : [];
  },
  emit: (w) => {
    if (w.inputs.length < 2) return w.input;
    const { tensors, order } = w.aligned(w.inputs);
    const axis = w.axis({ tensor: tensors[0] as string, order }, w.config.int("axis", -1));
    const joined = w.emit("Concat", tensors, { axis });
    return order ? { tensor: joined, order } : w.fromOwn(joined);
  },
};

/** The mask of an input that has none. */
function allCount(w: LayerWriter, input: Value): string {
  return w.emit("Expand", [w.state.graph.scalar(1, "bool"), w.emit("Shape", [w.own(input)], { end: -1 })]);
}

/** Masks are joined as the inputs are; along the last axis a step counts if it does in any input, before Keras 3 in all. */
function concatenatedMask(w: LayerWriter, masks: readonly (Mask | undefined)[]): string {
  const rank = w.shape(w.input).length;
  const axis = w.axis({ tensor: w.own(w.input) }, w.config.int("axis", -1));
  if (axis === rank - 1) {
    if (w.state.masks.keras3 && masks.includes(undefined)) return allCount(w, w.input);
    return joinTruth(
      w,
      masks.filter((mask) => mask !== undefined),
    );
  }
  const parts = w.inputs.map((input, i) => masks[i]?.() ?? allCount(w, input));
  const ranks = parts.map((part) => w.graphShape(part).length);
  if (ranks.some((own) => own !== rank - 1)) w.fail("UNSUPPORTED_LAYER", `joins masks of ${ranks.join(" and ")} axes along axis ${axis}`);
  return w.emit("Concat", parts, { axis });
}

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
  merge("Multiply", (w, tensors) => tensors.reduce((product, tensor) => w.emit("Mul", [product, tensor])), maskedProduct),
  merge("Average", (w, tensors) => w.emit("Mean", tensors)),
  merge("Maximum", (w, tensors) => w.emit("Max", tensors), maskedExtreme("Max")),
  merge("Minimum", (w, tensors) => w.emit("Min", tensors), maskedExtreme("Min")),
  Concatenate,
  Dot,
];
