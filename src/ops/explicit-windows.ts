// Windows in pads alone, for the forms of auto_pad and ceil_mode that ONNX Runtime refuses or misjudges.

import { fail } from "../errors.ts";
import { formatShape } from "../tensor/tensor.ts";
import { at, leftover, overhang, type WindowAttrs, type Windows } from "./windows.ts";

/**
 * SAME written out where ONNX Runtime goes wrong with it. With dilations: Conv refuses it, the pools overlook them. Where
 * windows leave gaps, so that the input reaches beyond the last: MaxPool refuses it, the others move the windows by half the
 * rest, which TensorFlow, whose word SAME is, does not. undefined for all other windows.
 */
export function explicitSame(windows: Windows, attrs: WindowAttrs): Partial<WindowAttrs> | undefined {
  const { begin, end, dilations } = windows;
  const isFine = dilations.every((d) => d === 1) && leftover(windows).every((n) => n <= 0);
  return isFine || !attrs.auto_pad.startsWith("SAME") ? undefined : { auto_pad: "NOTSET", pads: [...begin, ...end] };
}

/**
 * Without ceil_mode, where its last window would start behind the input and so is none: ONNX Runtime's shape inference
 * counts it all the same. Windows along other axes that reach beyond the end get it as padding; an average that counts
 * padding would count that too, and keeps ceil_mode, but less padding where the window is dropped. undefined where no window
 * is dropped, or what is read ends within the input.
 */
export function withoutCeil(windows: Windows, attrs: WindowAttrs, countsPads: boolean): Partial<WindowAttrs> | undefined {
  if (attrs.ceil_mode !== 1 || leftover(windows).every((n) => n <= 0)) return undefined;
  const { begin, end } = windows;
  const reach = overhang(windows)[1];
  if (!countsPads || reach.every((n, i) => n <= at(end, i))) {
    return { auto_pad: "NOTSET", ceil_mode: 0, pads: [...begin, ...reach.map((n, i) => Math.max(n, at(end, i)))] };
  }
  const shorter = reach.map((n, i) => Math.min(n, at(end, i)));
  return shorter.every((n) => n >= 0) ? { auto_pad: "NOTSET", pads: [...begin, ...shorter] } : undefined;
}

/** Checks that a pool's pads are less than its kernel. @throws {UNSUPPORTED_OPERATOR} where they are not, which ONNX Runtime refuses */
export function checkPoolPads({ begin, end, kernel }: Windows): void {
  if ([begin, end].every((side) => side.every((n, i) => n < at(kernel, i)))) return;
  fail("UNSUPPORTED_OPERATOR", `the pads ${formatShape([...begin, ...end])} reach as far as the kernel ${formatShape(kernel)}, which ONNX Runtime refuses.`, {
    hint: "Pad the input by a Pad node before instead.",
    details: { kernel, begin, end },
  });
}
