// How many axes of space `[N,C,space]` operators take.

import { fail } from "../errors.ts";
import { formatShape } from "../tensor/tensor.ts";

/** Checks that a tensor `[N,C,space]` has as many axes of space as ONNX Runtime takes. @throws {UNSUPPORTED_OPERATOR} */
export function checkSpace(shape: readonly number[], fewest: number, most: number): void {
  const axes = shape.length - 2;
  if (axes >= fewest && axes <= most) return;
  const wanted = fewest === most ? fewest : most === Number.POSITIVE_INFINITY ? `${fewest} or more` : `${fewest} to ${most}`;
  fail("UNSUPPORTED_OPERATOR", `the input ${formatShape(shape)} has ${Math.max(axes, 0)} axes of space; ONNX Runtime takes ${wanted}.`, {
    hint: "Put axes of size 1 in with Unsqueeze, or join some with Reshape.",
    details: { shape, fewest, most },
  });
}
