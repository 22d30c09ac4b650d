import type { AnyOp } from "./define.ts";

export const unaries: readonly AnyOp[] = [];
