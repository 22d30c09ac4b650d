// Padding of convolutions and pools, as Keras places it: `same` depends on the input's size.

import type { LayerWriter } from "./layer-writer.ts";

/**
 * ONNX's `pads` for a window over the spatial axes of `[N, C, …]`. `same`: the output has ⌈input / stride⌉ windows, and the
 * odd pixel goes behind (tf.nn's rule).
 */
export function padsFor(w: LayerWriter, tensor: string, kernel: readonly number[], strides: readonly number[], dilations: readonly number[]): number[] {
  const padding = w.config.text("padding", "valid");
  const sizes = w.graphShape(tensor).slice(2);
  const reach = kernel.map((k, i) => (dilations[i] as number) * (k - 1) + 1);
  switch (padding) {
    case "valid":
      return new Array<number>(2 * kernel.length).fill(0);
    case "causal":
      return [...reach.map((r) => r - 1), ...reach.map(() => 0)];
    case "same":
    case "same_centered": {
      const total = sizes.map((size, i) => {
        const stride = strides[i] as number;
        return Math.max((Math.ceil(size / stride) - 1) * stride + (reach[i] as number) - size, 0);
      });
      return [...total.map((n) => Math.floor(n / 2)), ...total.map((n) => Math.ceil(n / 2))];
    }
    default:
      return w.fail("UNSUPPORTED_LAYER", `pads "${padding}"`, 'Pellucid knows "valid", "same" and "causal" padding.');
  }
}

/** Strides over `count` axes; Keras takes one number for all, and pools stride by their size if it is left out. */
export function stridesOf(w: LayerWriter, count: number, fallback: readonly number[]): number[] {
  const strides = w.config.ints("strides", count, fallback);
  return strides.every((s) => s >= 1) ? strides : w.fail("BAD_MODEL", `has strides ${strides.join(", ")}`);
}

/**
 * The input of windows that pad "same_centered", as TensorFlow.js does over three axes: where windows lie further apart than
 * they are wide, half of what they leave out lies before the first.
 */
export function centered(w: LayerWriter, x: string, size: readonly number[], strides: readonly number[]): string {
  if (w.config.raw("padding") !== "same_centered") return x;
  const sizes = w.graphShape(x).slice(2);
  const starts = sizes.map((n, i) => Math.ceil((n - (Math.ceil(n / (strides[i] as number)) - 1) * (strides[i] as number) - (size[i] as number)) / 2));
  const axes = sizes.flatMap((_, i) => ((starts[i] as number) > 0 ? [i] : []));
  if (axes.length === 0) return x;
  const ints = (values: readonly number[]) => w.ints(axes.map((i) => values[i] as number));
  return w.emit("Slice", [x, ints(starts), ints(sizes), w.ints(axes.map((i) => i + 2))]);
}

/**
 * The input of a pool that pads "same". Windows that lie further apart than they are wide may end before the input does: what
 * no window reaches is cut off behind, since ONNX Runtime would cut it on both sides.
 */
export function reached(w: LayerWriter, x: string, size: readonly number[], strides: readonly number[]): string {
  const sizes = w.graphShape(x).slice(2);
  const ends = sizes.map((n, i) => (Math.ceil(n / (strides[i] as number)) - 1) * (strides[i] as number) + (size[i] as number));
  const axes = sizes.flatMap((n, i) => ((ends[i] as number) < n ? [i] : []));
  if (axes.length === 0) return x;
  const ints = (values: readonly number[]) => w.ints(axes.map((i) => values[i] as number));
  return w.emit("Slice", [x, ints(sizes.map(() => 0)), ints(ends), w.ints(axes.map((i) => i + 2))]);
}
