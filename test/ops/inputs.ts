// Inputs of operator cases: seeded random tensors that keep away from kinks, and constants.

import type { DType } from "../../src/tensor/dtype.ts";
import { fromNumbers, sizeOf, type Tensor } from "../../src/tensor/tensor.ts";

/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** A seeded generator (mulberry32): the same numbers on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A standard normal number (Box and Muller). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One input of a case. */
export interface CaseInput {
  /** "float" runs in the precision under test; everything else as it says. */
  readonly dtype: DType | "float";
  readonly shape: readonly number[];
  /** Whether it is part of the graph (axes, shapes, pads) instead of being fed. */
  readonly constant: boolean;
  values(random: Random): readonly number[];
}

function float(shape: readonly number[], values: (random: Random) => readonly number[]): CaseInput {
  return { dtype: "float", shape, constant: false, values };
}

function each(shape: readonly number[], draw: (random: Random) => number): CaseInput {
  return float(shape, (random) => Array.from({ length: sizeOf(shape) }, () => draw(random)));
}

/** Standard normal numbers. */
export function normal(shape: readonly number[]): CaseInput {
  return each(shape, gaussian);
}

/** Numbers evenly spread over `low … high`. */
export function uniform(shape: readonly number[], low: number, high: number): CaseInput {
  return each(shape, (random) => low + (high - low) * random());
}

/** Numbers in 0.5 … 2, for logarithms, roots and divisors. */
export function positive(shape: readonly number[]): CaseInput {
  return uniform(shape, 0.5, 2);
}

/** Normal numbers, none nearer than 0.1 to a kink: differences never step over one. */
export function awayFrom(shape: readonly number[], ...kinks: readonly number[]): CaseInput {
  const clear = (x: number) => kinks.every((kink) => Math.abs(x - kink) >= 0.1);
  return each(shape, (random) => {
    for (;;) {
      const x = 1.5 * gaussian(random);
      if (clear(x)) return x;
    }
  });
}

/** A shuffle of evenly spaced numbers at least 0.1 apart, centred on 0: no ties. `offset` keeps two inputs apart from each other. */
export function distinct(shape: readonly number[], offset = 0): CaseInput {
  return float(shape, (random) => {
    const n = sizeOf(shape);
    const step = Math.max(0.2, 4 / n);
    const values = Array.from({ length: n }, (_, i) => (i - (n - 1) / 2) * step + offset);
    for (let i = n - 1; i > 0; i--) {
      const k = Math.floor(random() * (i + 1));
      [values[i], values[k]] = [values[k] as number, values[i] as number];
    }
    return values;
  });
}

/** These numbers, fed. */
export function given(shape: readonly number[], values: readonly number[], dtype: CaseInput["dtype"] = "float"): CaseInput {
  return { dtype, shape, constant: false, values: () => values };
}

/** An input as part of the graph: a weight, not differentiated. */
export function fixed(input: CaseInput): CaseInput {
  return { ...input, constant: true };
}

/** A constant 1-D int64 tensor: axes, shapes, pads. */
export function ints(...values: readonly number[]): CaseInput {
  return fixed(given([values.length], values, "int64"));
}

/** A constant int64 scalar. */
export function int(value: number): CaseInput {
  return fixed(given([], [value], "int64"));
}

/** A constant float scalar. */
export function scalar(value: number): CaseInput {
  return fixed(given([], [value]));
}

/** The input's tensor in a precision. */
export function draw(input: CaseInput, random: Random, precision: Precision): Tensor {
  return fromNumbers(input.dtype === "float" ? precision : input.dtype, input.shape, input.values(random));
}

export type Precision = "float16" | "float32" | "float64";
