// The weights that a layer declares: names, order and shapes as Keras has them.

/** What a layer is called with. */
export interface Seen {
  /** The inputs' shapes in Keras's order. */
  readonly shapes: readonly (readonly number[])[];
  /** Channels of the first input. */
  readonly channels: number;
}

/** One weight of a layer. Keras's order is that of the list: trainable ones first. */
export interface WeightSpec {
  /** Keras's name: `kernel`, `moving_mean`. */
  readonly name: string;
  /** Moving statistics are not. */
  readonly trainable: boolean;
  /** Keras's shape for these inputs; undefined for any. */
  shape(seen: Seen): readonly number[] | undefined;
  /** The integers that a quantized weight is stored as; other weights are floats. */
  readonly integers?: "int8" | "uint8";
  /** Whether only `.h5` has the weight apart: Keras 3's own files have it added to the kernel. */
  readonly merged?: boolean;
  /** The part of the layer that holds the weight in Keras 3's files: `cell`, `query_dense`. */
  readonly holder?: string;
  /** The weight's name beside the layer's numbered weights in Keras 3's files; `.h5` files do not have it. */
  readonly key?: string;
  /** The text file that holds it in `.keras` archives, one number a line; other files do not have it. */
  readonly asset?: string;
}

/** A weight. */
export function weight(name: string, shape: WeightSpec["shape"], options: Partial<WeightSpec> = {}): WeightSpec {
  return { name, trainable: true, ...options, shape };
}

/** `list` if the option is on. */
export function when(on: boolean, ...list: readonly WeightSpec[]): readonly WeightSpec[] {
  return on ? list : [];
}
