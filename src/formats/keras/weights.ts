// The weights of a model's layers, from whichever file they come, in the order that each layer declares them.

import type { Weight } from "../../graph/types.ts";
import type { KerasLayer } from "./ir.ts";

/** A weight as it lies in a file, and what makes it Keras 3's. */
export interface LayerWeight {
  readonly weight: Weight;
  /** Axes in Keras's order: axis `i` is the file's axis `order[i]`. Keras 1 kept Theano's kernels as [out, in, rows, columns]. */
  readonly order?: readonly number[];
  /** Whether the kernel is turned by 180°, as Theano convolves. */
  readonly turned?: boolean;
}

/** Weights by layer. A layer without weights may be left out. */
export type ModelWeights = ReadonlyMap<KerasLayer, readonly LayerWeight[]>;
