// The gradients of a convolution, each of them again a convolution. ConvTranspose, its adjoint, uses the same three.

import type { Rule } from "./define.ts";
import { at, extents, leftover, type Windows } from "./windows.ts";

/** A convolution's windows and its groups. */
export interface Convolution extends Windows {
  readonly group: number;
}

/** The convolution itself, for exactly `output` windows: whatever of x lies behind the last of them is cut off. */
export function convolve(r: Rule, x: string, w: string, conv: Convolution): string {
  const end = leftover(conv).map((n, i) => at(conv.end, i) - n);
  return r.emit("Conv", [crop(r, x, conv.begin, end), w], {
    dilations: conv.dilations,
    group: conv.group,
    pads: [...conv.begin, ...end].map((n) => Math.max(n, 0)),
    strides: conv.strides,
  });
}

/** dx `[N,C,input]` from dy `[N,M,output]` and w `[M,C/group,kernel]`: dx[n,c,i] = Σ w[m,c,k] · dy[n,m,o] over i = stride·o + dilation·k − pad. */
export function inputGradient(r: Rule, dy: string, w: string, conv: Convolution): string {
  return conv.strides.every((s) => s === 1) ? flippedConv(r, dy, w, conv) : transposedConv(r, dy, w, conv);
}

/** At stride 1 the adjoint is a convolution with the flipped kernel, its channels exchanged. */
function flippedConv(r: Rule, dy: string, w: string, conv: Convolution): string {
  const reach = extents(conv.kernel, conv.dilations);
  const begin = reach.map((e, i) => e - 1 - at(conv.begin, i));
  const end = reach.map((e, i) => e - 1 - at(conv.end, i));
  const kernel = exchangeChannels(r, flip(r, w), conv.group);
  return r.emit("Conv", [crop(r, dy, begin, end), kernel], {
    dilations: conv.dilations,
    group: conv.group,
    pads: [...begin, ...end].map((n) => Math.max(n, 0)),
  });
}

function transposedConv(r: Rule, dy: string, w: string, conv: Convolution): string {
  return r.emit("ConvTranspose", [dy, w], {
    dilations: conv.dilations,
    group: conv.group,
    output_padding: leftover(conv),
    pads: [...conv.begin, ...conv.end],
    strides: conv.strides,
  });
}

/** A kernel reversed along its spatial axes; ONNX Runtime does it once, at load, where the kernel is a constant. */
function flip(r: Rule, w: string): string {
  const axes = r.shape(w).flatMap((size, i) => (i >= 2 && size > 1 ? [i] : []));
  if (axes.length === 0) return w;
  const all = (n: number) => r.ints(axes.map(() => n));
  return r.emit("Slice", [w, all(-1), all(-(2 ** 31)), r.ints(axes), all(-1)]);
}

/** `[M,C/group,kernel]` → `[C,M/group,kernel]`. */
function exchangeChannels(r: Rule, w: string, group: number): string {
  const [m, c, ...kernel] = r.shape(w) as [number, number, ...number[]];
  const rest = kernel.map((_, i) => i + 3);
  if (group === 1) return r.transpose(w, [1, 0, ...rest.map((i) => i - 1)]);
  if (m === group && c === 1) return w;
  const split = r.transpose(r.reshape(w, [group, m / group, c, ...kernel]), [0, 2, 1, ...rest]);
  return r.reshape(split, [group * c, m / group, ...kernel]);
}

/** Cuts off what negative pads ask for. */
export function crop(r: Rule, x: string, begin: readonly number[], end: readonly number[]): string {
  const axes = begin.flatMap((n, i) => (n < 0 || at(end, i) < 0 ? [i] : []));
  if (axes.length === 0) return x;
  const shape = r.shape(x);
  const starts = axes.map((i) => Math.max(-at(begin, i), 0));
  const ends = axes.map((i) => at(shape, i + 2) - Math.max(-at(end, i), 0));
  return r.emit("Slice", [x, r.ints(starts), r.ints(ends), r.ints(axes.map((i) => i + 2))]);
}

/**
 * dw `[M,C/group,kernel]`: dw[m,c,k] = Σ_{n,o} dy[n,m,o] · x[n, c, stride·o + dilation·k − pad], a convolution of x by dy in
 * which batch and channels, strides and dilations have changed places.
 */
export function weightGradient(r: Rule, x: string, dy: string, conv: Convolution): string {
  const [n, c, ...input] = r.shape(x) as [number, number, ...number[]];

  const { group } = conv;
  const axes = input.map((_, i) => i);
  const images = r.transpose(r.reshape(x, [n, group, c / group, ...input]), [2, 1, 0, ...axes.map((i) => i + 3)]);
  const kernels = r.transpose(dy, [1, 0, ...axes.map((i) => i + 2)]);
  const dw = r.emit("Conv", [r.reshape(images, [c / group, group * n, ...input]), kernels], {
    dilations: conv.strides,
    group,
    pads: [...conv.begin, ...conv.end],
    strides: conv.dilations,
  });
  const surplus = conv.kernel.map((k, i) => k - at(r.shape(dw), i + 2));
  const cut = crop(
    r,
    dw,
    axes.map(() => 0),
    surplus,
  );
  return r.transpose(cut, [1, 0, ...axes.map((i) => i + 2)]);
}

/** db `[M]`: dy summed over batch and space. */
export function biasGradient(r: Rule, dy: string): string {
  const axes = r.shape(dy).flatMap((_, i) => (i === 1 ? [] : [i]));
  return r.emit("ReduceSum", [dy, r.ints(axes)], { keepdims: 0 });
}
