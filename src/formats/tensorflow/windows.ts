// Padding of convolutions and pools as TensorFlow places it: SAME depends on the input's size, the odd pixel goes behind.

import { intsAttr } from "./attributes.ts";
import type { NodeWriter } from "./node-writer.ts";

/** ONNX's `pads` over the spatial axes of `[N, C, …]`. */
export function padsFor(w: NodeWriter, tensor: string, kernel: readonly number[], strides: readonly number[], dilations: readonly number[]): number[] {
  const padding = w.text("padding", "VALID");
  if (padding === "VALID") return new Array<number>(2 * kernel.length).fill(0);
  if (padding === "EXPLICIT") return explicitPads(w);
  if (padding !== "SAME") return w.fail("UNSUPPORTED_OPERATOR", `pads "${padding}"`);
  const total = w
    .graphShape(tensor)
    .slice(2)
    .map((size, i) => {
      const [stride, reach] = [strides[i] as number, (dilations[i] as number) * ((kernel[i] as number) - 1) + 1];
      return Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
    });
  return [...total.map((n) => Math.floor(n / 2)), ...total.map((n) => Math.ceil(n / 2))];
}

/** `explicit_paddings` has before and behind for every axis of the tensor. */
export function explicitPads(w: NodeWriter): number[] {
  const all = intsAttr(w.node, "explicit_paddings");
  const first = w.channelsFirst ? 4 : 2;
  const [top, bottom, left, right] = all.slice(first, first + 4);
  return [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0];
}
