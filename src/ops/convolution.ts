// Conv and ConvTranspose in one to three dimensions. Each is the other's adjoint, so their gradients are convolutions too.

import { fail } from "../errors.ts";
import { int, ints, readAttrs, string } from "../graph/attributes.ts";
import type { Node } from "../graph/types.ts";
import { formatShape } from "../tensor/tensor.ts";
import { biasGradient, type Convolution, convolve, inputGradient, weightGradient } from "./convolution-gradient.ts";
import { type AnyOp, defineOp, type Info } from "./define.ts";
import { explicitSame } from "./explicit-windows.ts";
import { placeWindows, transposedWindows, type WindowAttrs, type Windows } from "./windows.ts";

const convAttrs = {
  auto_pad: string("NOTSET"),
  dilations: ints(),
  group: int(1),
  kernel_shape: ints(),
  pads: ints(),
  strides: ints(),
};

/** The windows and groups of a Conv node over an input and a kernel of these shapes. */
export function readConvolution(node: Node, x: readonly number[], w: readonly number[]): Convolution {
  const attrs = readAttrs(node, convAttrs);
  return { ...convWindows(x, w, attrs), group: attrs.group };
}

/** Conv: y[n,m,o] = b[m] + Σ_{c,k} w[m,c,k] · x[n, c, stride·o + dilation·k − pad]. */
const Conv = defineOp({
  type: "Conv",
  attrs: convAttrs,
  shape: ([x, w], attrs) => {
    const [data, kernel] = [x as Info, w as Info];
    checkChannels(data, kernel, data.shape[1] === (kernel.shape[1] as number) * attrs.group && (kernel.shape[0] as number) % attrs.group === 0, attrs.group);
    const windows = convWindows(data.shape, kernel.shape, attrs);
    return [{ dtype: data.dtype, shape: [data.shape[0] as number, kernel.shape[0] as number, ...windows.output] }];
  },
  settle: ([x, w], attrs) => explicitSame(convWindows((x as Info).shape, (w as Info).shape, attrs), attrs),
  gradient: (r) => {
    const [x, w] = [r.in(0), r.in(1)];
    const conv = { ...convWindows(r.shape(x), r.shape(w), r.attrs), group: r.attrs.group };
    return [
      r.wants(0) ? inputGradient(r, r.dy(), w, conv) : undefined,
      r.wants(1) ? weightGradient(r, x, r.dy(), conv) : undefined,
      r.wants(2) ? biasGradient(r, r.dy()) : undefined,
    ];
  },
});

function convWindows(x: readonly number[], w: readonly number[], attrs: WindowAttrs): Windows {
  return placeWindows(x.slice(2), w.slice(2), attrs);
}

function checkChannels(x: Info, w: Info, fits: boolean, group: number): void {
  if (fits && x.shape.length === w.shape.length && x.shape.length >= 3) return;
  const groups = group === 1 ? "" : ` in ${group} groups`;
  fail("SHAPE_MISMATCH", `a kernel of shape ${formatShape(w.shape)}${groups} does not fit an input of shape ${formatShape(x.shape)}.`, {
    details: { x: x.shape, w: w.shape, group },
  });
}

/** ConvTranspose, the adjoint: y[n,m,i] = b[m] + Σ_{c,k} w[c,m,k] · x[n,c,o] over i = stride·o + dilation·k − pad. */
const ConvTranspose = defineOp({
  type: "ConvTranspose",
  attrs: {
    auto_pad: string("NOTSET"),
    dilations: ints(),
    group: int(1),
    kernel_shape: ints(),
    output_padding: ints(),
    output_shape: ints(),
    pads: ints(),
    strides: ints(),
  },
  shape: ([x, w], attrs) => {
    const [data, kernel] = [x as Info, w as Info];
    checkChannels(data, kernel, data.shape[1] === kernel.shape[0] && (kernel.shape[0] as number) % attrs.group === 0, attrs.group);
    const { input } = transposedWindows(data.shape.slice(2), kernel.shape.slice(2), attrs);
    return [{ dtype: data.dtype, shape: [data.shape[0] as number, (kernel.shape[1] as number) * attrs.group, ...input] }];
  },
  gradient: (r) => {
    const [x, w] = [r.in(0), r.in(1)];
    const conv = { ...transposedWindows(r.shape(x).slice(2), r.shape(w).slice(2), r.attrs), group: r.attrs.group };
    return [
      r.wants(0) ? convolve(r, r.dy(), w, conv) : undefined,
      r.wants(1) ? weightGradient(r, r.dy(), x, conv) : undefined,
      r.wants(2) ? biasGradient(r, r.dy()) : undefined,
    ];
  },
});

export const convolutions: readonly AnyOp[] = [Conv, ConvTranspose];
