// Layers that move values about without changing them: shapes, orders, padding, cropping, repeating.

import { isList, type Json } from "../ir.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { Value } from "./value.ts";

/** Channels-first models flatten as if their channels were last, but only if the option is there (Keras 2.1.6 on). */
const Flatten: LayerDef = {
  kind: "Flatten",
  emit: (w) => {
    const rank = w.shape(w.input).length;
    const turned = w.config.raw("data_format") === "channels_first" && rank > 2;
    const x = turned ? w.transpose(w.own(w.input), [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]) : w.own(w.input);
    return { tensor: rank === 1 ? w.reshape(x, [1]) : w.emit("Flatten", [x], { axis: 1 }) };
  },
};

const Reshape: LayerDef = {
  kind: "Reshape",
  emit: (w) => {
    const target = w.config.intList("target_shape");
    const size = w
      .shape(w.input)
      .slice(1)
      .reduce((n, d) => n * d, 1);
    const known = target.filter((d) => d !== -1).reduce((n, d) => n * d, 1);
    const open = target.filter((d) => d === -1).length;
    if (open > 1 || (open === 0 ? known !== size : known < 1 || size % known !== 0)) {
      w.fail("BAD_MODEL", `cannot give its input of ${size} values the shape [${target.join(", ")}]`);
    }
    return w.fromOwn(
      w.reshape(
        w.own(w.input),
        target.map((d) => (d === -1 ? size / known : d)),
      ),
    );
  },
};

/** `dims` counts from 1 and leaves the batch out. */
const Permute: LayerDef = {
  kind: "Permute",
  emit: (w) => {
    const order = [0, ...w.config.intList("dims")];
    const rank = w.shape(w.input).length;
    if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
      w.fail("BAD_MODEL", `permutes ${rank - 1} axes by [${order.slice(1).join(", ")}]`);
    }
    return w.fromOwn(w.transpose(w.own(w.input), order));
  },
};

/** `[N, C]` → `[N, n, C]`. */
const RepeatVector: LayerDef = {
  kind: "RepeatVector",
  emit: (w) => {
    const x = w.emit("Unsqueeze", [w.own(w.input), w.ints([1])]);
    return { tensor: w.emit("Tile", [x, w.ints([1, w.config.int("n"), 1])]) };
  },
};

/** Sizes before and behind every axis, from Keras's forms: one number, one for each axis, or pairs, nested or flat. */
function margins(w: LayerWriter, option: string, axes: number): [before: number, behind: number][] {
  const value = w.config.raw(option) ?? 1;
  const sizes = w.config.numbers(option, [1]);
  const valid = sizes.every((n) => Number.isSafeInteger(n) && n >= 0);
  const pairs = valid ? asPairs(value, sizes, axes) : undefined;
  return pairs ?? w.fail("BAD_MODEL", `has "${option}" ${JSON.stringify(value)}, which fits no ${axes} axes`);
}

function asPairs(value: Json, sizes: readonly number[], axes: number): [number, number][] | undefined {
  const at = (i: number) => sizes[i] as number;
  const index = Array.from({ length: axes }, (_, i) => i);
  if (sizes.length === 1) return index.map(() => [at(0), at(0)]);
  if (sizes.length === 2 * axes && isList(value)) return index.map((i) => [at(2 * i), at(2 * i + 1)]);
  return sizes.length === axes ? index.map((i) => [at(i), at(i)]) : undefined;
}

function zeroPadding(kind: string, axes: number): LayerDef {
  return {
    kind,
    emit: (w) => {
      const sides = margins(w, "padding", axes);
      const pads = [0, 0, ...sides.map(([before]) => before), 0, 0, ...sides.map(([, behind]) => behind)];
      return w.fromChannelsAtOne(w.emit("Pad", [w.spatialInput(axes), w.ints(pads), w.scalar(0)], { mode: "constant" }));
    },
  };
}

function cropping(kind: string, axes: number): LayerDef {
  return {
    kind,
    emit: (w) => {
      const x = w.spatialInput(axes);
      const sides = margins(w, "cropping", axes);
      const ends = sides.map(([, behind], i) => (w.graphShape(x)[i + 2] as number) - behind);
      return crop(
        w,
        x,
        sides.map(([before]) => before),
        ends,
      );
    },
  };
}

/** The part of `[N, C, …]` from `starts` to `ends`. */
export function crop(w: LayerWriter, x: string, starts: readonly number[], ends: readonly number[]): Value {
  if (starts.some((start, i) => start < 0 || start >= (ends[i] as number))) w.fail("BAD_MODEL", "cuts away its whole input");
  const axes = starts.map((_, i) => i + 2);
  return w.fromChannelsAtOne(w.emit("Slice", [x, w.ints(starts), w.ints(ends), w.ints(axes)]));
}

export const reshapingLayers: readonly LayerDef[] = [
  Flatten,
  Reshape,
  Permute,
  RepeatVector,
  zeroPadding("ZeroPadding1D", 1),
  zeroPadding("ZeroPadding2D", 2),
  zeroPadding("ZeroPadding3D", 3),
  cropping("Cropping1D", 1),
  cropping("Cropping2D", 2),
  cropping("Cropping3D", 3),
];
