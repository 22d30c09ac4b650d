import type { AnyOp } from "./define.ts";

export const activations: readonly AnyOp[] = [];
