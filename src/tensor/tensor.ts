// Dense tensors in row-major order: a dtype, a shape and a typed array.

import { assert, fail } from "../errors.ts";
import { allocate, type DataOf, type DType, fromBfloat16, fromHalf, toHalf } from "./dtype.ts";

/** A dense tensor, row-major (C order). */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DataOf[D];
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** A tensor from its parts. @throws {SHAPE_MISMATCH} if the data does not fill the shape. */
export function tensor<D extends DType>(dtype: D, shape: readonly number[], data: DataOf[D]): Tensor<D> {
  if (data.length !== sizeOf(shape)) {
    fail("SHAPE_MISMATCH", `A tensor of shape [${shape.join(", ")}] needs ${sizeOf(shape)} values, not ${data.length}.`, {
      details: { shape, length: data.length },
    });
  }
  return { dtype, shape, data };
}

/** A float32 tensor from numbers. */
export function float32(shape: readonly number[], data: Float32Array | readonly number[]): Tensor<"float32"> {
  return tensor("float32", shape, data instanceof Float32Array ? data : Float32Array.from(data));
}

/** An int64 tensor from numbers. */
export function int64(shape: readonly number[], data: readonly number[]): Tensor<"int64"> {
  return tensor(
    "int64",
    shape,
    BigInt64Array.from(data, (x) => BigInt(x)),
  );
}

/** A tensor of zeros. */
export function zeros<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D> {
  return { dtype, shape, data: allocate(dtype, sizeOf(shape)) };
}

/** Elements of a tensor as plain numbers (half precision decoded, int64 narrowed). */
export function toNumbers(t: Tensor): number[] {
  if (t.dtype === "float16") return Array.from(t.data as Uint16Array, fromHalf);
  if (t.dtype === "bfloat16") return Array.from(t.data as Uint16Array, fromBfloat16);
  return Array.from(t.data as ArrayLike<number | bigint>, Number);
}

/** A tensor of `dtype` from plain numbers. */
export function fromNumbers<D extends DType>(dtype: D, shape: readonly number[], numbers: ArrayLike<number>): Tensor<D> {
  const out = zeros(dtype, shape);
  assert(numbers.length === out.data.length, "fromNumbers: wrong length");
  const data = out.data as { [i: number]: number | bigint };
  const half = dtype === "float16";
  assert(dtype !== "bfloat16", "fromNumbers does not write bfloat16");
  const big = dtype === "int64" || dtype === "uint64";
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i] as number;
    data[i] = half ? toHalf(x) : big ? BigInt(Math.trunc(x)) : dtype === "bool" ? Number(x !== 0) : x;
  }
  return out;
}

/** The tensor as float32; itself if it is one. */
export function toFloat32(t: Tensor): Tensor<"float32"> {
  return t.dtype === "float32" ? (t as Tensor<"float32">) : { dtype: "float32", shape: t.shape, data: Float32Array.from(toNumbers(t)) };
}

/** The same data under another shape. @throws {SHAPE_MISMATCH} */
export function reshape<D extends DType>(t: Tensor<D>, shape: readonly number[]): Tensor<D> {
  return tensor(t.dtype, shape, t.data);
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] as number) * (shape[i + 1] as number);
  return strides;
}

/** The order that undoes `order`. */
export function invert(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

/** Axes reordered: axis `i` of the result is axis `order[i]` of `t`. */
export function transpose<D extends DType>(t: Tensor<D>, order: readonly number[]): Tensor<D> {
  assert(order.length === t.shape.length, "transpose: wrong number of axes");
  const from = stridesOf(t.shape);
  const shape = order.map((a) => t.shape[a] as number);
  const steps = order.map((a) => from[a] as number);
  const out = zeros(t.dtype, shape);
  const source = t.data as unknown as ArrayLike<number>;
  const target = out.data as unknown as { [i: number]: number };
  const index = new Array<number>(shape.length).fill(0);
  let position = 0;
  for (let i = 0; i < out.data.length; i++) {
    target[i] = source[position] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += steps[axis] as number;
      if (++(index[axis] as number) < (shape[axis] as number)) break;
      position -= (shape[axis] as number) * (steps[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

/** Item `i` along the first axis, as a view: `[N, …]` → `[…]`. */
export function itemAt<D extends DType>(t: Tensor<D>, i: number): Tensor<D> {
  const shape = t.shape.slice(1);
  const size = sizeOf(shape);
  return { dtype: t.dtype, shape, data: t.data.subarray(i * size, (i + 1) * size) as DataOf[D] };
}

/** Tensors of one shape joined along a new first axis: `[…]` × N → `[N, …]`. */
export function stack(items: readonly Tensor<"float32">[]): Tensor<"float32"> {
  const first = items[0];
  assert(first, "stack: no tensors");
  const out = zeros("float32", [items.length, ...first.shape]);
  items.forEach((item, i) => {
    assert(item.data.length === first.data.length, "stack: shapes differ");
    out.data.set(item.data, i * first.data.length);
  });
  return out;
}

/** A shape for messages: `[1, 3, 224, 224]`. */
export function formatShape(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((d) => d ?? "?").join(", ")}]`;
}
