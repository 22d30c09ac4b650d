// The refusal of files that contradict themselves.

import { fail } from "../../errors.ts";

/** Throws BAD_MODEL with what is wrong. @throws {BAD_MODEL} */
export function failContradiction(message: string, details: Readonly<Record<string, unknown>>): never {
  return fail("BAD_MODEL", message, {
    hint: "Get the file again or export the model again; onnx.checker.check_model (Python) tells what else is wrong with it.",
    details,
  });
}
