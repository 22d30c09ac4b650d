// Local response normalization, of AlexNet and GoogLeNet.

import { fail } from "../errors.ts";
import { float, int } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { defineOp, type Info, type Rule } from "./define.ts";
import { add, mul, square, sub } from "./formula.ts";
import { checkSpace } from "./space.ts";

/**
 * LRN: y = x · s^−β, s = bias + α · mean of x² over a window of `size` channels;
 * dx = dy · s^−β − 2αβ · x · mean of (dy · x · s^(−β−1)) over the same window. What lies outside counts as 0.
 */
export const LRN = defineOp({
  type: "LRN",
  attrs: { alpha: float(1e-4), beta: float(0.75), bias: float(1), size: int(1) },
  shape: ([x], { size }) => {
    const { dtype, shape } = x as Info;
    if (size % 2 === 0) failEven(size);
    checkSpace(shape, 2, 2);
    return [{ dtype, shape }];
  },
  gradient: (r) => {
    const { alpha, beta, bias, size } = r.attrs;
    const x = r.in(0);
    const s = add(r, mul(r, meanOverChannels(r, square(r, x), size), alpha), bias);
    const direct = mul(r, r.dy(), r.emit("Pow", [s, r.scalar(-beta)]));
    const spread = meanOverChannels(r, mul(r, mul(r, direct, x), r.emit("Reciprocal", [s])), size);
    return [sub(r, direct, mul(r, mul(r, x, spread), 2 * alpha * beta))];
  },
  note: "Odd sizes, of pictures only, as in ONNX Runtime.",
});

function failEven(size: number): never {
  return fail("UNSUPPORTED_OPERATOR", `its window is of ${size} channels; ONNX Runtime has odd sizes only.`, {
    hint: "Export the model with an odd size, or with the normalization written out (square, AveragePool over the channels, Pow, Div).",
    details: { size },
  });
}

/** The mean over a window along the channels of `[N,C,…]`: AveragePool on `[N,1,C,…]`. */
function meanOverChannels(r: Rule, x: string, size: number): string {
  const shape = r.shape(x);
  const [n, channels] = shape as [number, number];
  const flat = r.reshape(x, [n, 1, channels, sizeOf(shape.slice(2))]);
  const side = (size - 1) / 2;
  const mean = r.emit("AveragePool", [flat], { count_include_pad: 1, kernel_shape: [size, 1], pads: [side, 0, side, 0] });
  return r.reshape(mean, shape);
}
