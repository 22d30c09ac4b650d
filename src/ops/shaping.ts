// Operators that make tensors from shapes, numbers or chance. Nothing flows through them.

import { fail } from "../errors.ts";
import { float, floats, int, ints, none, tensorAttr } from "../graph/attributes.ts";
import type { Weight } from "../graph/types.ts";
import type { DType } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { known, range } from "./axes.ts";
import { dtypeOf } from "./data-type.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo } from "./define.ts";
import { roundTo } from "./folding.ts";
import { randoms } from "./random.ts";
import { weightInfo } from "./weights.ts";

/** Shape: the sizes of x from axis `start` up to `end`. */
const Shape = defineOp({
  type: "Shape",
  attrs: { end: int(), start: int(0) },
  shape: ([x], { start, end }) => [{ dtype: "int64", shape: [(x as Info).shape.slice(start, end).length] }],
  evaluate: ([x], { start, end }) => (x as Info).shape.slice(start, end),
  gradient: "zero",
});

/** Size: the number of elements of x. */
const Size = defineOp({
  type: "Size",
  attrs: none,
  shape: () => [{ dtype: "int64", shape: [] }],
  evaluate: ([x]) => [sizeOf((x as Info).shape)],
  gradient: "zero",
});

const constantAttrs = { value: tensorAttr(), value_float: float(), value_floats: floats(), value_int: int(), value_ints: ints() };

/** Constant: a tensor from an attribute. */
const Constant = defineOp({
  type: "Constant",
  attrs: constantAttrs,
  shape: (_, attrs) => {
    const { dtype, shape } = constantInfo(attrs);
    return [{ dtype, shape }];
  },
  evaluate: (_, attrs) => constantInfo(attrs).value,
  gradient: "zero",
  note: "No strings, no sparse tensors.",
});

interface ConstantAttrs {
  readonly value: Weight | undefined;
  readonly value_float: number | undefined;
  readonly value_floats: readonly number[] | undefined;
  readonly value_int: number | undefined;
  readonly value_ints: readonly number[] | undefined;
}

function constantInfo(a: ConstantAttrs): Info {
  if (a.value) return weightInfo(a.value);
  if (a.value_float !== undefined) return { dtype: "float32", shape: [], value: [a.value_float] };
  if (a.value_floats) return { dtype: "float32", shape: [a.value_floats.length], value: a.value_floats };
  if (a.value_int !== undefined) return { dtype: "int64", shape: [], value: [a.value_int] };
  if (a.value_ints) return { dtype: "int64", shape: [a.value_ints.length], value: a.value_ints };
  return fail("UNSUPPORTED_OPERATOR", "the constant is neither a dense tensor nor numbers.", { hint: "Models of strings are not supported." });
}

/** ConstantOfShape: one number in a shape; the float 0 unless told otherwise. */
const ConstantOfShape = defineOp({
  type: "ConstantOfShape",
  attrs: { value: tensorAttr() },
  shape: ([shape], { value }) => [{ dtype: value?.dtype ?? "float32", shape: known(shape, "sizes") }],
  evaluate: ([shape], { value }) => {
    const [fill] = value ? (weightInfo(value).value ?? []) : [0];
    return fill === undefined ? undefined : new Array<number>(sizeOf(known(shape, "sizes"))).fill(fill);
  },
  gradient: "zero",
});

/** Range: start, start + delta … up to limit. */
const Range = defineOp({
  type: "Range",
  attrs: none,
  shape: (inputs) => [{ dtype: (inputs[0] as Info).dtype, shape: [rangeOf(inputs).count] }],
  evaluate: (inputs) => {
    const { start, delta, count } = rangeOf(inputs);
    return range(count).map((i) => roundTo((inputs[0] as Info).dtype, start + i * delta));
  },
  gradient: "zero",
});

function rangeOf(inputs: readonly MaybeInfo[]): { start: number; delta: number; count: number } {
  const [start, limit, delta] = ["start", "limit", "delta"].map((what, i) => known(inputs[i], what)[0]) as [number, number, number];
  return { start, delta, count: Math.max(Math.ceil((limit - start) / delta), 0) };
}

/** EyeLike: ones on a diagonal, zeros elsewhere. */
const EyeLike = defineOp({
  type: "EyeLike",
  attrs: { dtype: int(), k: int(0) },
  shape: ([x], { dtype }) => [{ dtype: dtypeLike(x, dtype), shape: (x as Info).shape }],
  gradient: "zero",
});

function dtypeLike(x: MaybeInfo, number: number | undefined): DType {
  return number === undefined ? (x as Info).dtype : dtypeOf(number);
}

export const shapings: readonly AnyOp[] = [Shape, Size, Constant, ConstantOfShape, Range, EyeLike, ...randoms];
