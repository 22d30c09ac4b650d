// Which interpolating resizes ONNX Runtime has kernels for.

import { fail } from "../errors.ts";
import { formatShape } from "../tensor/tensor.ts";
import { at } from "./windows.ts";

/** Checks that interpolation along these axes, given by their scales, can run. @throws {UNSUPPORTED_OPERATOR} */
export function checkInterpolation(scales: readonly number[], { mode, antialias }: { readonly mode: string; readonly antialias: number }): void {
  const fits = mode === "linear" ? fitsLinear(scales) : mode === "cubic" ? fitsCubic(scales, antialias === 1) : true;
  if (fits) return;
  fail("UNSUPPORTED_OPERATOR", `ONNX Runtime cannot resize a tensor of ${scales.length} axes by the scales ${formatShape(scales)} in mode ${mode}.`, {
    hint: "Resize the axes of space only, behind or before one of channels; cubic two of them, linear up to three.",
    details: { scales, mode, antialias },
  });
}

function fitsLinear(scales: readonly number[]): boolean {
  const [batch, second] = scales;
  if (scales.length === 4) return batch === 1 && (second === 1 || scales[3] === 1);
  return scales.length === 2 || scales.length === 3 || (scales.length === 5 && batch === 1 && second === 1);
}

function fitsCubic(scales: readonly number[], antialias: boolean): boolean {
  if (scales.length !== 4) return scales.length === 2;
  const channelsLast = scales[3] === 1 && (antialias || (at(scales, 1) >= 1 && at(scales, 2) >= 1));
  return scales[0] === 1 && (scales[1] === 1 || channelsLast);
}
