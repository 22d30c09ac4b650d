// Resize, and sampling at any positions. Along each axis every output of Resize is a weighted sum of a few inputs, so its
// gradient is one linear map an axis.

import { fail } from "../errors.ts";
import { float, int, ints, string } from "../graph/attributes.ts";
import { AffineGrid } from "./affine-grid.ts";
import { allFromFront, known, range } from "./axes.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { mul } from "./formula.ts";
import { GridSample } from "./grid-sample.ts";
import { adjointAlong, type Taps } from "./linear-map.ts";
import { coordinateOf, type ResizedAxis } from "./resize-coordinates.ts";
import { checkInterpolation } from "./resize-kernels.ts";
import { tapsAlong } from "./resize-taps.ts";

/** Resize: y = A x along every axis; dx = Aᵀ dy. */
const Resize = defineOp({
  type: "Resize",
  attrs: {
    antialias: int(0),
    axes: ints(),
    coordinate_transformation_mode: string("half_pixel"),
    cubic_coeff_a: float(-0.75),
    exclude_outside: int(0),
    extrapolation_value: float(0),
    keep_aspect_ratio_policy: string("stretch"),
    mode: string("nearest"),
    nearest_mode: string("round_prefer_floor"),
  },
  shape: (inputs, attrs) => {
    const axes = resizedAxes(inputs, attrs);
    checkInterpolation(
      axes.map(({ scale }) => scale),
      attrs,
    );
    return [{ dtype: (inputs[0] as Info).dtype, shape: axes.map(({ output }) => output) }];
  },
  gradient: (r) => {
    const axes = resizedAxes(r.infos, r.attrs);
    if (axes.some(({ output }) => output === 0)) return [r.emit("Expand", [r.scalar(0), r.ints(r.shape(r.in(0)))])];
    // ONNX Runtime copies what keeps its size, whatever the scales.
    if (axes.every(({ input, output }) => input === output)) return [r.dy()];
    const taps = axes.map((axis) => tapsAlong(axis, r.attrs));
    const tiles = tileSizes(axes, taps);
    return [tiles ? sumTiles(r, r.dy(), tiles) : taps.reduce((dx, map, axis) => adjointAlong(r, dx, axis, map), r.dy())];
  },
});

interface SizeAttrs {
  readonly axes: readonly number[] | undefined;
  readonly coordinate_transformation_mode: string;
  readonly keep_aspect_ratio_policy: string;
}

/** Every axis of the input with its size after resizing. */
function resizedAxes([x, roi, scales, sizes]: readonly MaybeInfo[], attrs: SizeAttrs): ResizedAxis[] {
  const { shape } = x as Info;
  coordinateOf(attrs.coordinate_transformation_mode);
  const along = attrs.axes ? allFromFront(attrs.axes, shape.length) : range(shape.length);
  const crops = attrs.coordinate_transformation_mode === "tf_crop_and_resize";
  const corners = crops ? known(roi, "region") : [];
  const rois = along.map((_, i) => (crops ? [corners[i] as number, corners[i + along.length] as number] : [0, 1]) as [number, number]);
  const inputs = along.map((axis) => shape[axis] as number);
  const resized = isGiven(scales) ? byScales(inputs, known(scales, "scales")) : bySizes(inputs, known(sizes, "sizes"), attrs.keep_aspect_ratio_policy);
  return shape.map((size, axis) => {
    const i = along.indexOf(axis);
    return i < 0 ? { input: size, output: size, scale: 1, roi: [0, 1] } : { ...(resized[i] as Resized), input: size, roi: rois[i] as [number, number] };
  });
}

/** Scales and sizes that are left out may also be empty tensors. */
function isGiven(info: MaybeInfo): boolean {
  return info !== undefined && info.shape[0] !== 0;
}

type Resized = Pick<ResizedAxis, "output" | "scale">;

/**
 * Sizes by scales, multiplied in float32 as ONNX Runtime does. A region does not change them, as there (the specification
 * multiplies by its part of the input).
 */
function byScales(inputs: readonly number[], scales: readonly number[]): Resized[] {
  return inputs.map((size, i) => {
    const scale = Math.fround(scales[i] as number);
    return { scale, output: Math.floor(Math.fround(size * scale)) };
  });
}

function bySizes(inputs: readonly number[], sizes: readonly number[], policy: string): Resized[] {
  const scales = inputs.map((size, i) => Math.fround((sizes[i] as number) / size));
  switch (policy) {
    case "stretch":
      return scales.map((scale, i) => ({ scale, output: sizes[i] as number }));
    case "not_larger":
      return uniformly(inputs, Math.min(...scales));
    case "not_smaller":
      return uniformly(inputs, Math.max(...scales));
    default:
      return fail("BAD_MODEL", `"keep_aspect_ratio_policy" is "${policy}".`, { hint: "It must be stretch, not_larger or not_smaller." });
  }
}

function uniformly(inputs: readonly number[], scale: number): Resized[] {
  return inputs.map((size) => ({ scale, output: Math.floor(Math.fround(scale * size) + 0.5) }));
}

/** How often every element of the spatial axes is repeated, if that is all that is done; else undefined. */
function tileSizes(axes: readonly ResizedAxis[], taps: readonly Taps[]): number[] | undefined {
  const sizes = axes.map(({ input, output }) => output / input);
  const repeats = taps.every((map, axis) => map.rows.every((row, o) => row.length === 1 && row[0]?.index === Math.floor(o / (sizes[axis] as number))));
  return axes.length > 2 && axes.length < 6 && repeats && sizes.every(Number.isInteger) && sizes[0] === 1 && sizes[1] === 1 ? sizes.slice(2) : undefined;
}

/**
 * The sum over tiles of space: their mean, times their size. `auto_pad` keeps ONNX Runtime from fusing a Pad before it,
 * which may be wider than the kernel.
 */
function sumTiles(r: Rule, x: string, tile: readonly number[]): string {
  const count = tile.reduce((n, k) => n * k, 1);
  return mul(r, count === 1 ? x : r.emit("AveragePool", [x], { auto_pad: "VALID", kernel_shape: tile, strides: tile }), count);
}

export const resizings: readonly AnyOp[] = [Resize, AffineGrid, GridSample];
