// Weights and tensors: the same numbers as a graph stores them and as code computes with them.

import { isRegion, type Weight } from "../graph/types.ts";
import { bytesOf, viewAs } from "../tensor/dtype.ts";
import { sizeOf, type Tensor, toNumbers } from "../tensor/tensor.ts";
import type { Info } from "./define.ts";

/** Constants up to this many elements have their values known to shape rules. */
export const KNOWN_VALUES = 4096;

/** What shape rules may know of a weight. */
export function weightInfo(weight: Weight): Info {
  const { dtype, shape, data } = weight;
  if (isRegion(data) || sizeOf(shape) > KNOWN_VALUES) return { dtype, shape };
  return { dtype, shape, value: toNumbers({ dtype, shape, data: viewAs(dtype, data) } as Tensor) };
}

/** A weight from a tensor, sharing its memory. */
export function toWeight(t: Tensor): Weight {
  return { dtype: t.dtype, shape: t.shape, data: bytesOf(t.data) };
}
