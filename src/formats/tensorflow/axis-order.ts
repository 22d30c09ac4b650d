// What becomes of a value's order when axes go or come.

/** An order after these own axes were taken out of the tensor; undefined where it is the own order again. */
export function withoutAxes(order: readonly number[] | undefined, removed: readonly number[]): readonly number[] | undefined {
  const left = order?.filter((_, axis) => !removed.includes(axis));
  if (!left) return undefined;
  const sorted = [...left].sort((a, b) => a - b);
  const places = left.map((axis) => sorted.indexOf(axis));
  return places.every((place, axis) => place === axis) ? undefined : places;
}

/** An order after a new axis was put behind all others of the tensor, where the own order has it at `axis`. */
export function withAxis(order: readonly number[], axis: number): readonly number[] {
  return [...order.slice(0, axis), order.length, ...order.slice(axis)];
}
