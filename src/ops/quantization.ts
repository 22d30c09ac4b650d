// Quantized numbers: y = scale · (x − zero point). Integers carry no gradient; weights that are stored so are constants.

import { int, none } from "../graph/attributes.ts";
import type { DType } from "../tensor/dtype.ts";
import { dtypeOf } from "./data-type.ts";
import { type AnyOp, defineOp, type Info } from "./define.ts";

/** DequantizeLinear: floats of the scale's dtype. */
const DequantizeLinear = defineOp({
  type: "DequantizeLinear",
  attrs: { axis: int(1), block_size: int(0) },
  shape: ([x, scale]) => [{ dtype: (scale as Info).dtype, shape: (x as Info).shape }],
  gradient: "zero",
  note: "The scale counts as a constant.",
});

/** QuantizeLinear: integers of the zero point's dtype. */
const QuantizeLinear = defineOp({
  type: "QuantizeLinear",
  attrs: { axis: int(1), block_size: int(0), output_dtype: int(0), saturate: int(1) },
  shape: ([x, , zero], { output_dtype }) => {
    const dtype: DType = zero?.dtype ?? (output_dtype ? dtypeOf(output_dtype) : "uint8");
    return [{ dtype, shape: (x as Info).shape }];
  },
  gradient: "zero",
});

/** DynamicQuantizeLinear: uint8 numbers, their scale and their zero point. */
const DynamicQuantizeLinear = defineOp({
  type: "DynamicQuantizeLinear",
  attrs: none,
  shape: ([x]) => [
    { dtype: "uint8", shape: (x as Info).shape },
    { dtype: "float32", shape: [] },
    { dtype: "uint8", shape: [] },
  ],
  gradient: "zero",
});

export const quantizations: readonly AnyOp[] = [DequantizeLinear, QuantizeLinear, DynamicQuantizeLinear];
