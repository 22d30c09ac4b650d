import type { AnyOp } from "./define.ts";

export const matmuls: readonly AnyOp[] = [];
