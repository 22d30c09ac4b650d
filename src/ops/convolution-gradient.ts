// The gradients of a convolution, each of them again a convolution. ConvTranspose, its adjoint, uses the same three.

import type { Node } from "../graph/types.ts";
import { formatShape } from "../tensor/tensor.ts";
import { cropOrPad } from "./crop.ts";
import type { Rule } from "./define.ts";
import { putBack, reverse } from "./slices.ts";
import { at, extents, leftover, overhang, type Windows } from "./windows.ts";

/** A convolution's windows and its groups. */
export interface Convolution extends Windows {
  readonly group: number;
}

/** The convolution itself, for exactly `output` windows: whatever of x lies behind the last of them is cut off. */
export function convolve(r: Rule, x: string, w: string, conv: Convolution): string {
  const end = leftover(conv).map((n, i) => at(conv.end, i) - n);
  const { dilations, group, strides } = conv;
  return convPadded(r, x, w, conv.begin, end, { dilations, group, strides });
}

/** A Conv with pads that may be negative, which ONNX does not have: they cut x instead. */
function convPadded(r: Rule, x: string, w: string, begin: readonly number[], end: readonly number[], attrs: Readonly<Record<string, unknown>>): string {
  const cut = (pads: readonly number[]) => [0, 0, ...pads.map((n) => Math.min(n, 0))];
  return r.emit("Conv", [cropOrPad(r, x, cut(begin), cut(end)), w], { ...attrs, pads: [...begin, ...end].map((n) => Math.max(n, 0)) });
}

/** dx `[N,C,input]` from dy `[N,M,output]` and w `[M,C/group,kernel]`: dx[n,c,i] = Σ w[m,c,k] · dy[n,m,o] over i = stride·o + dilation·k − pad. */
export function inputGradient(r: Rule, dy: string, w: string, conv: Convolution): string {
  if (conv.strides.every((s) => s === 1) && !isThin(r, w, conv)) return flippedConv(r, dy, w, conv);
  return canTranspose(r, w, conv) ? transposedConv(r, dy, w, conv) : flippedConv(r, spreadByStrides(r, dy, conv), w, conv);
}

/** At stride 1 the adjoint is a convolution with the flipped kernel, its channels exchanged. */
function flippedConv(r: Rule, dy: string, w: string, conv: Convolution): string {
  const reach = extents(conv.kernel, conv.dilations);
  const begin = reach.map((e, i) => e - 1 - at(conv.begin, i));
  const end = leftover(conv).map((n, i) => at(reach, i) - 1 - at(conv.end, i) + n);
  const kernel = exchangeChannels(r, flip(r, w), conv.group);
  return convPadded(r, dy, kernel, begin, end, { dilations: conv.dilations, group: conv.group });
}

/**
 * Whether x has so few channels, as pictures do, that ONNX Runtime's blocked convolution would compute mostly padding: on the
 * CPU the transposed convolution then takes a third of the time.
 */
function isThin(r: Rule, w: string, { group }: Convolution): boolean {
  return r.features.everyConvTranspose && group === 1 && (r.shape(w)[1] as number) <= 4;
}

function transposedConv(r: Rule, dy: string, w: string, conv: Convolution): string {
  const [begin, end] = overhang(conv);
  return r.emit("ConvTranspose", [dy, w], {
    dilations: conv.dilations,
    group: conv.group,
    output_padding: end.map((n) => Math.max(-n, 0)),
    pads: [...begin, ...end.map((n) => Math.max(n, 0))],
    strides: conv.strides,
  });
}

function canTranspose(r: Rule, w: string, { group, strides }: Convolution): boolean {
  const [inputs, outputs] = r.shape(w) as [number, number];
  return r.features.everyConvTranspose || (strides.length < 3 && (group === 1 || group === inputs || outputs > 1));
}

/** dy with zeros between its elements, as far apart as the windows: what is left is a convolution at stride 1. */
function spreadByStrides(r: Rule, dy: string, { strides }: Convolution): string {
  const slices = r.shape(dy).map((count, axis) => ({ start: 0, step: strides[axis - 2] ?? 1, count }));
  return putBack(
    r,
    dy,
    slices,
    slices.map(({ step, count }) => (count - 1) * step + 1),
  );
}

/** A kernel reversed along its spatial axes; ONNX Runtime does it once, at load, where the kernel is a constant. */
function flip(r: Rule, w: string): string {
  return reverse(
    r,
    w,
    r.shape(w).flatMap((size, axis) => (axis >= 2 && size > 1 ? [axis] : [])),
  );
}

/** The 2-D kernel without groups that `flippedConv` made this tensor from; undefined for any other tensor. */
export function unflipped(
  name: string,
  madeBy: (name: string) => Node | undefined,
  value: (name: string) => readonly number[] | undefined,
): string | undefined {
  const exchanged = madeBy(name);
  const flipped = madeBy(exchanged?.inputs[0] ?? "");
  const perm = exchanged?.op === "Transpose" && exchanged.attrs.perm?.kind === "ints" ? exchanged.attrs.perm.value.map(Number) : [];
  if (formatShape(perm) !== "[1, 0, 2, 3]" || flipped?.op !== "Slice") return undefined;
  const [w, starts, , axes, steps] = flipped.inputs as [string, ...string[]];
  const [from, along, step] = [starts, axes, steps].map((input) => formatShape((input && value(input)) || []));
  return from === "[-1, -1]" && along === "[2, 3]" && step === "[-1, -1]" ? w : undefined;
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
  const none = r.shape(dw).map(() => 0);
  const surplus = conv.kernel.map((k, i) => k - at(r.shape(dw), i + 2));
  const cut = cropOrPad(r, dw, none, [0, 0, ...surplus]);
  return r.transpose(cut, [1, 0, ...axes.map((i) => i + 2)]);
}

/** db `[M]`: dy summed over batch and space. */
export function biasGradient(r: Rule, dy: string): string {
  const axes = r.shape(dy).flatMap((_, i) => (i === 1 ? [] : [i]));
  return r.emit("ReduceSum", [dy, r.ints(axes)], { keepdims: 0 });
}
