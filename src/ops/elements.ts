// Small constants element by element, for the shape arithmetic of exporters.

import { sizeOf, stridesOf } from "../tensor/tensor.ts";
import type { MaybeInfo } from "./define.ts";

export type Index = readonly number[];

/** A value for every index of `shape`, row-major. */
export function tabulate(shape: readonly number[], valueAt: (index: Index) => number): number[] {
  const index = shape.map(() => 0);
  return Array.from({ length: sizeOf(shape) }, () => {
    const value = valueAt(index);
    advance(index, shape);
    return value;
  });
}

/** Moves on to the next index, row-major. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = (index[axis] as number) + 1;
    if ((index[axis] as number) < (shape[axis] as number)) return;
    index[axis] = 0;
  }
}

/** A constant input to be read by index. Axes that it does not have, or along which it has size 1, broadcast. */
export function elements(info: MaybeInfo): (index: Index) => number {
  const { shape, value } = info as { shape: readonly number[]; value: readonly number[] };
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return (index) => {
    const first = index.length - shape.length;
    return value[strides.reduce((position, stride, axis) => position + stride * (index[first + axis] as number), 0)] as number;
  };
}
