// Operators that pass their input on at inference.

import type { TfOp } from "./define.ts";

const names = ["Identity", "IdentityN", "Snapshot", "StopGradient", "PreventGradient", "CheckNumerics", "EnsureShape", "PlaceholderWithDefault"];

export const passingOps: readonly TfOp[] = names.map((op) => ({ op, passes: true, emit: (w) => (op === "IdentityN" ? w.inputs : w.input()) }));
