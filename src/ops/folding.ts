// Constants computed element by element, for the `evaluate` of operators that shape arithmetic is made of.

import { fail } from "../errors.ts";
import { type DType, isFloat } from "../tensor/dtype.ts";
import { formatShape, sizeOf, stridesOf } from "../tensor/tensor.ts";
import type { Info, MaybeInfo } from "./define.ts";

/** The shape that shapes broadcast to together, as in numpy. @throws {SHAPE_MISMATCH} */
export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((d) => d !== 1) ?? 1;
    return sizes.every((d) => d === 1 || d === size)
      ? size
      : fail("SHAPE_MISMATCH", `shapes ${shapes.map(formatShape).join(" and ")} do not broadcast.`, { details: { shapes } });
  });
}

/** Elements of a constant broadcast to `shape`, row-major. */
export function broadcastValues({ shape: from, value = [] }: Info, shape: readonly number[]): readonly number[] {
  if (formatShape(from) === formatShape(shape)) return value;
  const offset = shape.length - from.length;
  const [steps, strides] = [stridesOf(shape), stridesOf(from)];
  return Array.from({ length: sizeOf(shape) }, (_, i) => {
    const position = from.reduce((sum, size, k) => {
      const index = Math.floor(i / (steps[k + offset] as number)) % (shape[k + offset] as number);
      return size === 1 ? sum : sum + index * (strides[k] as number);
    }, 0);
    return value[position] as number;
  });
}

/** `f` of the inputs' elements, broadcast, rounded to `dtype`. */
export function foldElements(inputs: readonly MaybeInfo[], dtype: DType, f: (...x: number[]) => number): number[] {
  const infos = inputs.filter((info) => info !== undefined);
  const shape = broadcastShapes(infos.map((info) => info.shape));
  const columns = infos.map((info) => broadcastValues(info, shape));
  return Array.from({ length: sizeOf(shape) }, (_, i) => roundTo(dtype, f(...columns.map((column) => column[i] as number))));
}

/** A number as a tensor of `dtype` holds it. Integers are truncated. */
export function roundTo(dtype: DType, x: number): number {
  if (dtype === "bool") return x === 0 ? 0 : 1;
  if (dtype === "float64") return x;
  return isFloat(dtype) ? Math.fround(x) : Math.trunc(x) + 0;
}
