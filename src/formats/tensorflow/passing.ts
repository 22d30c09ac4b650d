// Operators that pass their input on at inference.

import { stopGradient } from "../keras/layers/rounding.ts";
import type { TfOp } from "./define.ts";

const names = ["Identity", "IdentityN", "Snapshot", "PreventGradient", "CheckNumerics", "EnsureShape", "PlaceholderWithDefault", "Print"];

export const passingOps: readonly TfOp[] = [
  ...names.map((op): TfOp => ({ op, passes: true, emit: (w) => (op === "IdentityN" ? w.inputs : w.input()) })),
  { op: "StopGradient", passes: true, emit: (w) => ({ ...w.input(), tensor: stopGradient(w, w.input().tensor) }) },
];
