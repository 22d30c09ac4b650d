// Pools: over windows, over all of a picture, and to a fixed size.

import { lookUp } from "../ir.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
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
      const x = w.spatialInput(axes);
      const pooled = w.emit(op, [x]);
      if (w.config.flag("keepdims", false)) return w.fromChannelsAtOne(pooled);
      return { tensor: w.emit("Flatten", [pooled], { axis: 1 }) };
    },
  };
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
