// Sliding windows, as convolutions and pools share them: kernel, strides, dilations and pads of every spatial axis.

import { fail } from "../errors.ts";
import { formatShape } from "../tensor/tensor.ts";

/** The attributes that place windows, of Conv, ConvTranspose and the pools. */
export interface WindowAttrs {
  readonly auto_pad: string;
  readonly strides: readonly number[] | undefined;
  readonly dilations?: readonly number[] | undefined;
  readonly pads: readonly number[] | undefined;
  readonly ceil_mode?: number;
}

/** Windows over `input`, all attributes resolved: one number per spatial axis in every list. */
export interface Windows {
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and behind the input. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
  /** Number of windows. */
  readonly output: readonly number[];
}

/** The windows of a forward convolution or pool over spatial sizes `input`. @throws {SHAPE_MISMATCH} if none fits */
export function placeWindows(input: readonly number[], kernel: readonly number[], attrs: WindowAttrs): Windows {
  const { strides, dilations } = steps(input.length, kernel, attrs);
  const extent = extents(kernel, dilations);
  const [begin, end] = resolvePads(input, extent, strides, attrs);
  const output = input.map((size, i) => countWindows(size, at(extent, i), at(strides, i), at(begin, i), at(end, i), attrs.ceil_mode === 1));
  if (output.some((n) => n < 1)) {
    fail(
      "SHAPE_MISMATCH",
      `A window of ${formatShape(extent)} does not fit into an input of ${formatShape(input)} with pads ${formatShape([...begin, ...end])}.`,
      {
        hint: "Use a larger input.",
        details: { input, kernel, strides, dilations, begin, end },
      },
    );
  }
  return { input, kernel, strides, dilations, begin, end, output };
}

/** ConvTranspose's attributes. */
export interface TransposedAttrs extends WindowAttrs {
  readonly output_padding: readonly number[] | undefined;
  readonly output_shape: readonly number[] | undefined;
}

/**
 * The windows of the convolution that a transposed convolution over `output` is the adjoint of; `input` is the size of its
 * result. @throws {SHAPE_MISMATCH}
 */
export function transposedWindows(output: readonly number[], kernel: readonly number[], attrs: TransposedAttrs): Windows {
  const { strides, dilations } = steps(output.length, kernel, attrs);
  const extra = attrs.output_padding ?? output.map(() => 0);
  if (extra.length !== output.length) {
    fail("SHAPE_MISMATCH", `"output_padding" must be ${output.length} numbers, not ${formatShape(extra)}.`, { details: { output_padding: extra } });
  }
  const reach = extents(kernel, dilations).map((extent, i) => at(strides, i) * (at(output, i) - 1) + extent + at(extra, i));
  const same = attrs.auto_pad.startsWith("SAME");
  const wanted = attrs.output_shape?.slice(-output.length) ?? (same ? output.map((n, i) => n * at(strides, i)) : undefined);
  const [begin, end] = wanted
    ? halve(
        reach.map((n, i) => Math.max(n - at(wanted, i), 0)),
        attrs.auto_pad === "SAME_UPPER" ? "SAME_UPPER" : "SAME_LOWER",
      )
    : explicitPads(output.length, attrs);
  const input = attrs.output_shape ? (wanted as number[]) : reach.map((n, i) => n - at(begin, i) - at(end, i));
  const windows = { input, kernel, strides, dilations, begin, end, output };
  if (attrs.output_shape && leftover(windows).some((n, i) => n >= at(strides, i))) failOutputShape(windows);
  return windows;
}

/** More output than the input has windows for, which ONNX Runtime refuses. */
function failOutputShape({ input, output }: Windows): never {
  return fail("SHAPE_MISMATCH", `"output_shape" ${formatShape(input)} is larger than what an input of ${formatShape(output)} comes to.`, {
    details: { output_shape: input, input: output },
  });
}

/** Strides and dilations with their defaults. @throws {SHAPE_MISMATCH} if a list has the wrong length */
export function steps(axes: number, kernel: readonly number[], attrs: WindowAttrs): Pick<Windows, "strides" | "dilations"> {
  const strides = attrs.strides ?? kernel.map(() => 1);
  const dilations = attrs.dilations ?? kernel.map(() => 1);
  for (const [name, list] of Object.entries({ kernel_shape: kernel, strides, dilations })) {
    if (list.length !== axes || list.some((n) => n < 1)) {
      fail("SHAPE_MISMATCH", `"${name}" must be ${axes} positive numbers, not ${formatShape(list)}.`, { details: { [name]: list } });
    }
  }
  return { strides, dilations };
}

/** How far each dilated window reaches. */
export function extents(kernel: readonly number[], dilations: readonly number[]): number[] {
  return kernel.map((k, i) => at(dilations, i) * (k - 1) + 1);
}

/** What all windows together reach over, per axis. */
export function covered(w: Windows): number[] {
  return extents(w.kernel, w.dilations).map((extent, i) => at(w.strides, i) * (at(w.output, i) - 1) + extent);
}

/** How far the windows reach beyond the input, before and behind; negative where they leave some of it out. */
export function overhang(w: Windows): [begin: readonly number[], end: readonly number[]] {
  return [w.begin, covered(w).map((n, i) => n - at(w.begin, i) - at(w.input, i))];
}

/** Inputs behind the last window, per axis: what `begin + input + end` has left over. Negative where ceil_mode reaches beyond. */
export function leftover(w: Windows): number[] {
  return covered(w).map((n, i) => at(w.input, i) + at(w.begin, i) + at(w.end, i) - n);
}

/** Explicit pads, checked. @throws {SHAPE_MISMATCH} @throws {UNSUPPORTED_OPERATOR} for negative ones, which no kernel takes */
export function explicitPads(axes: number, attrs: WindowAttrs): [begin: readonly number[], end: readonly number[]] {
  const pads = attrs.pads ?? new Array<number>(2 * axes).fill(0);
  if (pads.length !== 2 * axes) fail("SHAPE_MISMATCH", `"pads" must be ${2 * axes} numbers, not ${formatShape(pads)}.`, { details: { pads } });
  if (pads.some((n) => n < 0)) {
    fail("UNSUPPORTED_OPERATOR", `the pads ${formatShape(pads)} are negative, which ONNX Runtime refuses.`, {
      hint: "Cut the input by a Slice or Pad node instead.",
      details: { pads },
    });
  }
  return [pads.slice(0, axes), pads.slice(axes)];
}

/** Total padding halved as auto_pad says: the odd one goes behind (SAME_UPPER) or before (SAME_LOWER). */
export function halve(total: readonly number[], autoPad: string): [begin: number[], end: number[]] {
  const less = total.map((n) => Math.floor(n / 2));
  const more = total.map((n, i) => n - at(less, i));
  return autoPad === "SAME_LOWER" ? [more, less] : [less, more];
}

/** `list[i]`, which is there by construction. */
export function at(list: readonly number[], i: number): number {
  return list[i] as number;
}

function resolvePads(input: readonly number[], extent: readonly number[], strides: readonly number[], attrs: WindowAttrs) {
  const zero = input.map(() => 0);
  switch (attrs.auto_pad) {
    case "NOTSET":
      return explicitPads(input.length, attrs);
    case "VALID":
      return [zero, zero] as const;
    case "SAME_UPPER":
    case "SAME_LOWER": {
      const total = input.map((size, i) => Math.max((Math.ceil(size / at(strides, i)) - 1) * at(strides, i) + at(extent, i) - size, 0));
      return halve(total, attrs.auto_pad);
    }
    default:
      return fail("BAD_MODEL", `"auto_pad" is "${attrs.auto_pad}".`, { hint: "It must be NOTSET, VALID, SAME_UPPER or SAME_LOWER." });
  }
}

function countWindows(size: number, extent: number, stride: number, begin: number, end: number, ceil: boolean): number {
  const room = size + begin + end - extent;
  if (!ceil) return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  // The last window must start inside the input or its front padding.
  return (count - 1) * stride >= size + begin ? count - 1 : count;
}
