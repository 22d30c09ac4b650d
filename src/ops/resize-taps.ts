// From which elements of the original, and with which weights, a resized axis is made.

import { fail } from "../errors.ts";
import { range } from "./axes.ts";
import type { Tap, Taps } from "./linear-map.ts";
import { coordinateOf, type ResizedAxis } from "./resize-coordinates.ts";

export interface ResizeAttrs {
  readonly antialias: number;
  readonly coordinate_transformation_mode: string;
  readonly cubic_coeff_a: number;
  readonly exclude_outside: number;
  readonly mode: string;
  readonly nearest_mode: string;
}

/**
 * For every element of the resized axis, what it is the weighted sum of; nothing where it takes the extrapolation value.
 * As in ONNX Runtime, an axis of scale 1 stays as it is, with antialiasing also one that keeps its size.
 */
export function tapsAlong(axis: ResizedAxis, attrs: ResizeAttrs): Taps {
  const coordinate = coordinateOf(attrs.coordinate_transformation_mode);
  const crops = attrs.coordinate_transformation_mode === "tf_crop_and_resize";
  const keeps = attrs.antialias === 1 && axis.input === axis.output;
  const rows = range(axis.output).map((o) => {
    const x = axis.scale === 1 ? o : coordinate(o, axis);
    return crops && (x < 0 || x > axis.input - 1) ? [] : merge(tapsAt(keeps ? o : x, axis, attrs), axis.input);
  });
  return { input: axis.input, rows };
}

function tapsAt(x: number, axis: ResizedAxis, attrs: ResizeAttrs): readonly Tap[] {
  switch (attrs.mode) {
    case "nearest":
      return [{ index: roundBy(attrs.nearest_mode, x), weight: 1 }];
    case "linear":
      return filtered(x, axis, attrs, 1, (t) => 1 - t);
    case "cubic":
      return filtered(x, axis, attrs, 2, (t) => cubic(t, attrs.cubic_coeff_a));
    default:
      return fail("BAD_MODEL", `"mode" is "${attrs.mode}".`, { hint: "It must be nearest, linear or cubic." });
  }
}

/** What ONNX Runtime takes for halfway: the rounding of a coordinate is not to decide. */
const HALFWAY = 1e-6;

function roundBy(mode: string, x: number): number {
  switch (mode) {
    case "round_prefer_floor":
      return Math.ceil(x - 0.5 - HALFWAY);
    case "round_prefer_ceil":
      return Math.floor(x + 0.5 + HALFWAY);
    case "floor":
      return Math.floor(x);
    case "ceil":
      return Math.ceil(x);
    default:
      return fail("BAD_MODEL", `"nearest_mode" is "${mode}".`, { hint: "It must be round_prefer_floor, round_prefer_ceil, floor or ceil." });
  }
}

/** The elements within `reach` of x, weighted by their distance. Antialiasing widens the filter where the axis shrinks. */
function filtered(x: number, axis: ResizedAxis, attrs: ResizeAttrs, reach: number, weightAt: (distance: number) => number): readonly Tap[] {
  const stretch = attrs.antialias ? Math.max(1 / axis.scale, 1) : 1;
  const first = Math.floor(x - reach * stretch) + 1;
  const taps = range(Math.ceil(x + reach * stretch) - first)
    .map((k) => ({ index: first + k, weight: weightAt(Math.abs(first + k - x) / stretch) }))
    .filter(({ index }) => attrs.exclude_outside === 0 || (index >= 0 && index < axis.input));
  const total = taps.reduce((sum, { weight }) => sum + weight, 0);
  return taps.map(({ index, weight }) => ({ index, weight: weight / total }));
}

/** The cubic convolution kernel of Keys at distance t < 2. */
function cubic(t: number, a: number): number {
  return t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
}

/** What lies outside counts as the element at the border; taps of one element become one. */
function merge(taps: readonly Tap[], size: number): Tap[] {
  const weights = new Map<number, number>();
  for (const { index, weight } of taps) {
    const inside = Math.min(Math.max(index, 0), size - 1);
    weights.set(inside, (weights.get(inside) ?? 0) + weight);
  }
  return [...weights].map(([index, weight]) => ({ index, weight }));
}
