// A tensor of the graph, and how its axes lie. Keras's own order is channels last; the graph computes channels first.

/** Which steps of a tensor count: gives a tensor of truth values, its axes in Keras's order. Written when first asked for. */
export type Mask = () => string;

/** Keeps a tensor's mask. Layers that hand on the tensor itself hand on the place: what is taken away there is gone for all. */
export interface MaskPlace {
  mask: Mask | undefined;
}

/** A tensor of the graph. */
export interface Value {
  readonly tensor: string;
  /** Own axis `i` is graph axis `order[i]`; undefined where both are the same. */
  readonly order?: readonly number[];
  /** Where all steps count, nothing. */
  readonly masked?: MaskPlace;
}

/** Where the own axes of a channels-last tensor lie in a channels-first one: [0, 2, 3, 1]. */
export function channelsLastOrder(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** Whether two values have their axes in the same places. */
export function sameOrder(a: Value, b: Value): boolean {
  return String(a.order) === String(b.order);
}
