// Numbers rounded to few levels, as quantized layers round what they read.

import type { LayerWriter } from "./layer-writer.ts";

type Emit = Pick<LayerWriter, "emit" | "scalar">;

/** Whole numbers from `low` to `high`, the largest of a row being `high`. `epsilon` keeps rows of zeros from dividing by zero. */
export interface AbsMax {
  readonly low: number;
  readonly high: number;
  readonly epsilon: number;
}

/**
 * x itself, with a gradient of zero. ONNX has no operator for that: x is scaled by a power of two to a whole number, which
 * Round leaves as it is, though nothing flows back through it.
 */
export function stopGradient(w: Emit, x: string): string {
  const size = w.emit("Max", [w.emit("Abs", [x]), w.scalar(1e-30)]);
  const scale = w.emit("Pow", [w.scalar(2), w.emit("Sub", [w.scalar(24), exponentOf(w, size)])]);
  return w.emit("Div", [w.emit("Round", [w.emit("Mul", [x, scale])]), scale]);
}

/** ⌊log₂ size⌋, beside a power of two perhaps that of its other side. */
function exponentOf(w: Emit, size: string): string {
  return w.emit("Floor", [w.emit("Mul", [w.emit("Log", [size]), w.scalar(1 / Math.LN2)])]);
}

/** `rounded` with the gradient of x. The sum is exact: the two lie within a factor of two, or `rounded` is 0. */
export function straightThrough(w: Emit, x: string, rounded: string): string {
  return w.emit("Add", [x, stopGradient(w, w.emit("Sub", [rounded, x]))]);
}

/** x in steps of its largest size along `axes`: clip(round(x · s)) / s with s = high / (max |x| + ε). Only s has a gradient. */
export function roundToMax(w: LayerWriter, x: string, axes: readonly number[], { low, high, epsilon }: AbsMax): string {
  const sizes = w.emit("Abs", [x]);
  const largest = axes.length > 0 ? w.emit("ReduceMax", [sizes, w.ints(axes)], { keepdims: 1 }) : sizes;
  const scale = w.emit("Div", [w.scalar(high), w.emit("Add", [largest, w.scalar(epsilon)])]);
  const steps = w.emit("Clip", [w.emit("Round", [w.emit("Mul", [x, scale])]), w.scalar(low), w.scalar(high)]);
  return w.emit("Div", [steps, scale]);
}

/** x · s⁻¹ as Keras's 8-bit floats (e4m3fn: four binary places, none below 2⁻⁶, up to 448), times s. */
export function roundToFloat8(w: Emit, x: string, scale: string): string {
  const held = w.emit("Clip", [w.emit("Div", [x, scale]), w.scalar(-448), w.scalar(448)]);
  return w.emit("Mul", [roundToPlaces(w, held, 4, -6), scale]);
}

/**
 * x with `places` binary places, the first of them at 2^`least` or above. Where the exponent is that of a power of two's other
 * side, x rounds to that power either way.
 */
export function roundToPlaces(w: Emit, x: string, places: number, least: number): string {
  const size = w.emit("Max", [w.emit("Abs", [x]), w.scalar(1e-38)]);
  const exponent = w.emit("Max", [exponentOf(w, size), w.scalar(least)]);
  const step = w.emit("Pow", [w.scalar(2), w.emit("Sub", [exponent, w.scalar(places - 1)])]);
  return w.emit("Mul", [w.emit("Round", [w.emit("Div", [x, step])]), step]);
}
