// Mean, spread and range of a tensor's values, NaN and infinities left out.

export interface Statistics {
  readonly mean: number;
  /** Of the population, as NumPy's std. Exactly 0 where all values are equal. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

/** All zero where there is no finite value. */
export function statisticsOf(values: ArrayLike<number>): Statistics {
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (!Number.isFinite(x)) continue;
    count++;
    sum += x;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  if (count === 0) return { mean: 0, std: 0, min: 0, max: 0 };
  if (min === max) return { mean: min, std: 0, min, max };
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) squares += ((values[i] as number) - mean) ** 2;
  return { mean, std: Math.sqrt(squares / count), min, max };
}
