import type { AnyOp } from "./define.ts";

export const poolings: readonly AnyOp[] = [];
