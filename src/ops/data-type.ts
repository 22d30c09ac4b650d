// Data types as attributes name them: by ONNX's numbers.

import { fail } from "../errors.ts";
import { dtypesByNumber } from "../graph/proto/onnx.ts";
import type { DType } from "../tensor/dtype.ts";

/** The dtype with this number. @throws {UNSUPPORTED_OPERATOR} for strings, complex numbers and the like */
export function dtypeOf(number: number): DType {
  return (
    dtypesByNumber.get(number) ??
    fail("UNSUPPORTED_OPERATOR", `ONNX data type ${number} is not supported.`, { hint: "Use a model with float or integer tensors.", details: { to: number } })
  );
}
