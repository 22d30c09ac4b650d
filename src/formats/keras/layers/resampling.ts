// Interpolations of tf.image that ONNX's Resize does not have: along each axis every output is a weighted sum of inputs, so
// that a picture is resized by one matrix an axis. The weights are those of TensorFlow's kernels.

import { lookUp } from "../ir.ts";
import type { LayerWriter } from "./layer-writer.ts";

/** A filter: nothing beyond `radius`, `at(distance)` within. */
interface Filter {
  readonly radius: number;
  readonly at: (distance: number) => number;
}

const gaussian: Filter = { radius: 1.5, at: (t) => Math.exp((-t * t) / 0.5) };

const triangle: Filter = { radius: 1, at: (t) => 1 - t };

/** Keys' cubic with a = −1/2. */
const cubic: Filter = { radius: 2, at: (t) => (t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2) };

const mitchell: Filter = { radius: 2, at: (t) => (t < 1 ? ((7 * t - 12) * t * t + 16 / 3) / 6 : (((-7 / 3) * t + 12) * t * t - 20 * t + 32 / 3) / 6) };

/** sinc(t) · sinc(t / radius) */
const lanczos = (radius: number): Filter => ({
  radius,
  at: (t) => (t <= 1e-3 ? 1 : (radius * Math.sin(Math.PI * t) * Math.sin((Math.PI * t) / radius)) / (Math.PI * t) ** 2),
});

const FILTERS: Readonly<Record<string, Filter>> = {
  bilinear: triangle,
  bicubic: cubic,
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian,
  mitchellcubic: mitchell,
};

/** More weights than the resizing of any picture takes. */
const MOST_WEIGHTS = 2 ** 26;

/** Whether an interpolation is done here and not by Resize. Antialiasing does nothing to "nearest" and "area". */
export function isResampling(interpolation: string, antialias: boolean): boolean {
  if (interpolation === "bilinear") return antialias;
  return interpolation === "area" || lookUp(FILTERS, interpolation) !== undefined;
}

/** `[N, C, H, W]` at another size. @throws {BAD_MODEL} for sizes beyond measure */
export function resample(w: LayerWriter, x: string, sizes: readonly number[], interpolation: string, antialias: boolean): string {
  const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
  const [height, width] = sizes as [number, number];
  const matrix = (from: number, to: number) => {
    if (!(to >= 1 && from * to <= MOST_WEIGHTS)) w.fail("BAD_MODEL", `resizes ${from} pixels to ${to}`);
    return w.constant(Array.from({ length: to }, (_, i) => weightsAt(i, from, to, interpolation, antialias)).flat(), [to, from]);
  };
  const tall = w.emit("MatMul", [matrix(rows, height), x]);
  return w.emit("MatMul", [tall, w.transpose(matrix(columns, width), [1, 0])]);
}

const MOVING: Readonly<Record<string, Filter>> = {
  linear: triangle,
  bilinear: triangle,
  trilinear: triangle,
  triangle,
  cubic,
  bicubic: cubic,
  tricubic: cubic,
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
};

/** The matrix [from, to] of an axis that is scaled and moved; places that lie outside are 0. */
export function movingMatrix(
  w: LayerWriter,
  [from, to]: readonly [number, number],
  [scale, translation]: readonly [number, number],
  method: string,
  antialias: boolean,
): string {
  const filter = lookUp(MOVING, method) ?? w.fail("UNSUPPORTED_LAYER", `interpolates by "${method}"`);
  if (!(to >= 1 && from * to <= MOST_WEIGHTS)) w.fail("BAD_MODEL", `scales ${from} places to ${to}`);
  const stretch = antialias ? Math.max(1 / scale, 1) : 1;
  const columns = Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5 - translation) / scale - 0.5;
    if (!(center >= -0.5 && center <= from - 0.5)) return new Array<number>(from).fill(0);
    const at = (distance: number) => (distance < filter.radius ? filter.at(distance) : 0);
    return spread(from, (k) => at(Math.abs(k - center) / stretch));
  });
  return w.transpose(w.constant(columns.flat(), [to, from]), [1, 0]);
}

/** What pixel `i` of `to` takes of each of `from` pixels. */
function weightsAt(i: number, from: number, to: number, interpolation: string, antialias: boolean): number[] {
  const scale = from / to;
  if (interpolation === "area") return spread(from, (k) => Math.max(Math.min((i + 1) * scale, k + 1) - Math.max(i * scale, k), 0));
  const filter = FILTERS[interpolation] as Filter;
  const stretch = antialias ? Math.max(scale, 1) : 1;
  const exact = (i + 0.5) * scale - 0.5;
  // TensorFlow looks plain bicubic weights up in a table of 1024 places between two pixels.
  const center = filter === cubic && !antialias ? Math.floor(exact) + roundToEven((exact - Math.floor(exact)) * 1024) / 1024 : exact;
  return spread(from, (k) => {
    const distance = Math.abs(k - center) / stretch;
    return distance < filter.radius ? filter.at(distance) : 0;
  });
}

/** Weights that sum to one. */
function spread(count: number, weightOf: (k: number) => number): number[] {
  const weights = Array.from({ length: count }, (_, k) => weightOf(k));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2) : Math.round(x);
}
