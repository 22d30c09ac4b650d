// Quantized numbers: y = scale · (x − zero point). Weights that are stored so are constants; where floats are quantized and
// dequantized again, gradients pass straight through the rounding. Bengio et al. 2013, arXiv:1308.3432.

import { fail } from "../errors.ts";
import { int, none } from "../graph/attributes.ts";
import type { DType } from "../tensor/dtype.ts";
import { dtypeOf } from "./data-type.ts";
import { type AnyOp, defineOp, type Info, type Rule } from "./define.ts";
import { add, cast, compare, div, keepWhere } from "./formula.ts";

/** DequantizeLinear: floats of the scale's dtype. The gradient of its integers is that of the floats they stand for. */
const DequantizeLinear = defineOp({
  type: "DequantizeLinear",
  attrs: { axis: int(1), block_size: int(0) },
  shape: ([x, scale]) => [{ dtype: (scale as Info).dtype, shape: (x as Info).shape }],
  gradient: (r) => [r.wants(0) ? r.dy() : undefined],
  note: "The scale counts as a constant.",
});

/** QuantizeLinear: integers of the zero point's dtype; dx = dy where x lies within their range, 0 beyond it. */
const QuantizeLinear = defineOp({
  type: "QuantizeLinear",
  attrs: { axis: int(1), block_size: int(0), output_dtype: int(0), saturate: int(1) },
  shape: ([x, , zero], { output_dtype }) => {
    const dtype: DType = zero?.dtype ?? (output_dtype ? dtypeOf(output_dtype) : "uint8");
    return [{ dtype, shape: (x as Info).shape }];
  },
  quantizes: true,
  gradient: (r) => [r.wants(0) ? keepWhere(r, isRepresented(r, r.attrs), r.dy()) : undefined],
  note: "The gradient passes straight through the rounding; the scale counts as a constant.",
});

/** Least and largest number of each dtype. */
const ranges: Partial<Record<DType, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
};

/** Whether x / scale + zero point rounds to a number that the integers have. */
function isRepresented(r: Rule, { axis, block_size }: { axis: number; block_size: number }): string {
  const dtype = r.dtype(r.out(0));
  const range = ranges[dtype];
  if (!range || block_size > 0) {
    fail("NO_GRADIENT", `QuantizeLinear to ${block_size > 0 ? "blocks of " : ""}${dtype} has no gradient rule.`, { hint: "Choose a layer behind it." });
  }
  const aligned = (name: string) => alongAxis(r, cast(r, name, r.dtype(r.in(0))), axis);
  const steps = div(r, r.in(0), aligned(r.in(1)));
  const shifted = r.has(2) ? add(r, steps, aligned(r.in(2))) : steps;
  return r.emit("And", [compare(r, "GreaterOrEqual", shifted, range[0] - 0.5), compare(r, "Less", shifted, range[1] + 0.5)]);
}

/** A scalar as it is; a vector along this axis of x. */
function alongAxis(r: Rule, name: string, axis: number): string {
  if (r.shape(name).length !== 1) return name;
  const rank = r.shape(r.in(0)).length;
  return r.reshape(name, [...r.shape(name), ...Array.from({ length: rank - 1 - ((axis + rank) % rank) }, () => 1)]);
}

/** DynamicQuantizeLinear: uint8 numbers over the range of x, their scale and their zero point; dx = dy. */
const DynamicQuantizeLinear = defineOp({
  type: "DynamicQuantizeLinear",
  attrs: none,
  shape: ([x]) => [
    { dtype: "uint8", shape: (x as Info).shape },
    { dtype: "float32", shape: [] },
    { dtype: "uint8", shape: [] },
  ],
  quantizes: true,
  gradient: (r) => [r.flows(0) ? r.dy(0) : undefined],
  note: "The gradient passes straight through the rounding; scale and zero point count as constants.",
});

export const quantizations: readonly AnyOp[] = [DequantizeLinear, QuantizeLinear, DynamicQuantizeLinear];
