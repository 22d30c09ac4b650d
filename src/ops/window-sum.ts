// The adjoint of summing over sliding windows.

import type { Rule } from "./define.ts";
import { leftover, type Windows } from "./windows.ts";

/** dx `[N,C,input]` from s `[N,C,output]`: every element gets the sum of s over the windows that cover it. */
export function spreadOverWindows(r: Rule, s: string, windows: Windows): string {
  const channels = r.shape(s)[1] as number;
  const ones = r.emit("Expand", [r.scalar(1), r.ints([channels, 1, ...windows.kernel])]);
  return r.emit("ConvTranspose", [s, ones], {
    dilations: windows.dilations,
    group: channels,
    output_padding: leftover(windows).map((n) => Math.max(n, 0)),
    pads: [...windows.begin, ...windows.end],
    strides: windows.strides,
  });
}
