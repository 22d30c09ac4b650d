import type { AnyOp } from "./define.ts";

export const normalizations: readonly AnyOp[] = [];
