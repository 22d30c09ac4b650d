// Numbers of filters that hardware likes.

/** The multiple of 8 nearest to `filters`, at least 8; the next one where it would be less than 90 % of it. */
export function divisible(filters: number): number {
  const rounded = Math.max(8, Math.floor((filters + 4) / 8) * 8);
  return rounded < 0.9 * filters ? rounded + 8 : rounded;
}
