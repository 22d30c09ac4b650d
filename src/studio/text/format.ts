// Numbers as people read them.

const counts = new Intl.NumberFormat("en");

/** Short: 926 k, 138 M. */
export function formatShort(value: number): string {
  if (value < 10_000) return counts.format(value);
  return value < 1e6 ? `${Math.round(value / 1e3)} k` : `${(value / 1e6).toFixed(value < 1e7 ? 1 : 0)} M`;
}

export function formatPercent(share: number): string {
  const percent = 100 * share;
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)}%`;
}

/** Probabilities as percent, other scores as they are. */
export function formatScore(score: number, isProbability: boolean): string {
  return isProbability ? formatPercent(score) : score.toFixed(2);
}

export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.001) ? value.toExponential(2) : value.toFixed(3);
}

/** A shape without its batch: 32 × 32 × 64. */
export function formatShape(shape: readonly (number | string | null)[]): string {
  return shape
    .slice(1)
    .map((d) => d ?? "?")
    .join(" × ");
}
