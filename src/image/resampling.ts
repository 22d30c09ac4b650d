// Resampling along one axis: which inputs an output is made of, and how much of each.

/** Output `i` is the sum of `weights[i * size + k]` × input `starts[i] + k` for k below `counts[i]`. */
export interface Taps {
  readonly size: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float64Array;
}

/** A filter kernel, zero outside ±`support`. */
interface Kernel {
  readonly support: number;
  at(x: number): number;
}

export const triangle: Kernel = { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) };

/** Keys's cubic with a = -0.5 (R. G. Keys, 1981), as Pillow and TensorFlow have it. */
export const cubic: Kernel = {
  support: 2,
  at(signed) {
    const x = Math.abs(signed);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  },
};

function allocateTaps(output: number, size: number): Taps {
  return { size, starts: new Int32Array(output), counts: new Int32Array(output), weights: new Float64Array(output * size) };
}

/**
 * A kernel with pixel centres at half, widened by the scale where the axis shrinks, and cut and rescaled at the borders.
 *
 * Source: Pillow, Resample.c (the definition, not its code).
 */
export function kernelTaps(input: number, output: number, kernel: Kernel): Taps {
  const scale = input / output;
  const spread = Math.max(1, scale);
  const reach = kernel.support * spread;
  const taps = allocateTaps(output, Math.ceil(reach) * 2 + 1);
  for (let i = 0; i < output; i++) {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const count = Math.min(input, Math.trunc(center + reach + 0.5)) - start;
    const weights = Float64Array.from({ length: count }, (_, k) => kernel.at((start + k - center + 0.5) / spread));
    const total = weights.reduce((sum, w) => sum + w, 0);
    taps.starts[i] = start;
    taps.counts[i] = count;
    taps.weights.set(
      weights.map((w) => w / total),
      i * taps.size,
    );
  }
  return taps;
}

/** Where output pixel `i` lies among the inputs. */
export type Placing = (i: number, input: number, output: number) => number;

/** Pixel centres at half: PyTorch's align_corners=False, OpenCV, TensorFlow 2. */
export const halfPixel: Placing = (i, input, output) => ((i + 0.5) * input) / output - 0.5;
/** First and last pixels on each other: PyTorch's align_corners=True, SciPy's zoom. */
export const alignCorners: Placing = (i, input, output) => (output > 1 ? (i * (input - 1)) / (output - 1) : 0);
/** Top left corners on each other: TensorFlow 1 and TensorFlow.js by default. */
export const asymmetric: Placing = (i, input, output) => (i * input) / output;

/** The two inputs around the place, by nearness; at the borders the border itself. */
export function linearTaps(input: number, output: number, place: Placing): Taps {
  const taps = allocateTaps(output, 2);
  for (let i = 0; i < output; i++) {
    const at = Math.min(input - 1, Math.max(0, place(i, input, output)));
    const start = Math.min(Math.floor(at), Math.max(0, input - 2));
    taps.starts[i] = start;
    taps.counts[i] = Math.min(2, input);
    taps.weights[2 * i] = 1 - (at - start);
    taps.weights[2 * i + 1] = at - start;
  }
  return taps;
}

/** The one input under the output's centre. */
export function nearestTaps(input: number, output: number): Taps {
  const taps = allocateTaps(output, 1);
  const scale = input / output;
  for (let i = 0, at = scale / 2; i < output; i++, at += scale) {
    taps.starts[i] = Math.min(input - 1, Math.trunc(at));
    taps.counts[i] = 1;
    taps.weights[i] = 1;
  }
  return taps;
}
