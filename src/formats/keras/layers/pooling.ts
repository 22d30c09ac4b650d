// Pools: over windows, over all of a picture, and to a fixed size.

import { lookUp } from "../ir.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { asNumbers } from "./masks.ts";
import type { Value } from "./value.ts";
import { centered, reached, stridesOf } from "./windows.ts";

const PADDINGS: Readonly<Record<string, string>> = { valid: "VALID", same: "SAME_UPPER", same_centered: "SAME_UPPER" };

/**
 * Padding counts neither for the maximum nor for the mean. It is not written as numbers: ONNX Runtime would add to them the
 * zeros of a padding layer before, which do count.
 */
function pool(kind: string, op: "MaxPool" | "AveragePool", axes: number): LayerDef {
  return {
    kind,
    emit: (w) => {
      const size = w.config.ints("pool_size", axes, new Array<number>(axes).fill(2));
      const strides = stridesOf(w, axes, size);
      const x = centered(w, w.spatialInput(axes), size, strides);
      const padding = w.config.text("padding", "valid");
      const auto_pad = lookUp(PADDINGS, padding) ?? w.fail("UNSUPPORTED_LAYER", `pads "${padding}"`);
      const input = auto_pad === "SAME_UPPER" ? reached(w, x, size, strides) : x;
      return w.fromChannelsAtOne(w.emit(op, [input], { kernel_shape: size, strides, auto_pad }));
    },
  };
}

function globalPool(kind: string, op: "GlobalMaxPool" | "GlobalAveragePool", axes: number): LayerDef {
  return {
    kind,
    emit: (w) => {
      const mask = kind === "GlobalAveragePooling1D" ? w.masks[0] : undefined;
      if (mask) return meanOfCounted(w, mask());
      const x = w.spatialInput(axes);
      const pooled = kind === "GlobalMaxPooling1D" ? sharedMaximum(w, x) : w.emit(op, [x]);
      if (w.config.flag("keepdims", false)) return w.fromChannelsAtOne(pooled);
      return { tensor: w.emit("Flatten", [pooled], { axis: 1 }) };
    },
  };
}

/** The mean over the steps that count: not a number where none does, as in Keras. */
function meanOfCounted(w: LayerWriter, counts: string): Value {
  const time = w.channelsFirst ? 2 : 1;
  const keepdims = w.config.flag("keepdims", false) ? 1 : 0;
  const wide = w.emit("Unsqueeze", [counts, w.ints([3 - time])]);
  const sum = (x: string) => w.emit("ReduceSum", [x, w.ints([time])], { keepdims });
  return { tensor: w.emit("Div", [sum(w.emit("Where", [wide, w.own(w.input), w.scalar(0)])), sum(asNumbers(w, wide))]) };
}

/** Series repeat themselves, where steps do not count or tokens come again: as in Keras, all that hold the maximum share its gradient. */
function sharedMaximum(w: LayerWriter, x: string): string {
  const sum = (values: string) => w.emit("ReduceSum", [values, w.ints([2])], { keepdims: 1 });
  const holds = asNumbers(w, w.emit("Equal", [x, w.emit("ReduceMax", [x, w.ints([2])], { keepdims: 1 })]));
  return sum(w.emit("Mul", [x, w.emit("Div", [holds, sum(holds)])]));
}

/** More than any network pools to. */
const MOST_PARTS = 4096;

/** Windows that divide the input into `output_size` parts, one after the other along every axis. */
function adaptivePool(kind: string, reduce: "ReduceMean" | "ReduceMax", axes: number): LayerDef {
  return {
    kind,
    emit: (w) => {
      const sizes = w.config.ints("output_size", axes);
      const x = w.spatialInput(axes);
      return w.fromChannelsAtOne(sizes.reduce((pooled, size, i) => splitAxis(w, pooled, i + 2, size, reduce), x));
    },
  };
}

/** Part `i` of `parts` covers ⌊i·size/parts⌋ up to ⌈(i+1)·size/parts⌉. */
export function splitAxis(w: LayerWriter, x: string, axis: number, parts: number, reduce: string): string {
  const size = w.graphShape(x)[axis] as number;
  if (parts < 1 || parts > MOST_PARTS) w.fail("BAD_MODEL", `cannot divide ${size} pixels into ${parts}`);
  const pieces = Array.from({ length: parts }, (_, i) => {
    const [start, end] = [Math.floor((i * size) / parts), Math.ceil(((i + 1) * size) / parts)];
    const piece = w.emit("Slice", [x, w.ints([start]), w.ints([end]), w.ints([axis])]);
    return w.emit(reduce, [piece, w.ints([axis])], { keepdims: 1 });
  });
  return w.emit("Concat", pieces, { axis });
}

export const poolingLayers: readonly LayerDef[] = [1, 2, 3].flatMap((axes) => [
  pool(`MaxPooling${axes}D`, "MaxPool", axes),
  pool(`AveragePooling${axes}D`, "AveragePool", axes),
  globalPool(`GlobalMaxPooling${axes}D`, "GlobalMaxPool", axes),
  globalPool(`GlobalAveragePooling${axes}D`, "GlobalAveragePool", axes),
  adaptivePool(`AdaptiveAveragePooling${axes}D`, "ReduceMean", axes),
  adaptivePool(`AdaptiveMaxPooling${axes}D`, "ReduceMax", axes),
]);
