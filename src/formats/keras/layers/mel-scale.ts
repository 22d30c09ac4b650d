// Bands of frequencies as wide as the ear hears them, after HTK: mel(f) = 1127 · ln(1 + f / 700).

export interface MelScale {
  /** Bins of the spectrum, from 0 to half the sampling rate. */
  readonly bins: number;
  readonly bands: number;
  /** Samples in a second. */
  readonly rate: number;
  /** Hertz at the bands' ends. */
  readonly lowest: number;
  readonly highest: number;
}

const f = Math.fround;

// Keras computes in float32, where slopes of narrow bands lose digits: so does this, to give its numbers.
const mel = (hertz: number) => f(f(1127) * f(Math.log(f(1 + f(f(hertz) / f(700))))));

/** What every band takes of every bin, `[bands, bins]`: triangles that begin and end in the middles of the bands beside. */
export function melWeights({ bins, bands, rate, lowest, highest }: MelScale): number[] {
  const [low, high] = [mel(lowest), mel(highest)];
  const step = f(f(high - low) / (bands + 1));
  const edge = (i: number) => (i > bands ? high : f(low + f(step * i)));
  const width = f(f(rate / 2) / Math.max(bins - 1, 1));
  // The first bin is the mean of the sound, which no band takes.
  const places = Array.from({ length: bins - 1 }, (_, i) => mel(f(width * (i + 1))));
  return Array.from({ length: bands }, (_, band) => {
    const [start, middle, end] = [edge(band), edge(band + 1), edge(band + 2)] as const;
    const at = (x: number) => Math.max(0, Math.min(f(f(x - start) / f(middle - start)), f(f(end - x) / f(end - middle))));
    return [0, ...places.map(at)];
  }).flat();
}
