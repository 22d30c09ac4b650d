// A tensor of the graph, and how its axes lie. Keras's own order is channels last; the graph computes channels first.

/** A tensor of the graph. */
export interface Value {
  readonly tensor: string;
  /** Own axis `i` is graph axis `order[i]`; undefined where both are the same. */
  readonly order?: readonly number[];
}

/** Where the own axes of a channels-last tensor lie in a channels-first one: [0, 2, 3, 1]. */
export function channelsLastOrder(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** Whether two values have their axes in the same places. */
export function sameOrder(a: Value, b: Value): boolean {
  return String(a.order) === String(b.order);
}
