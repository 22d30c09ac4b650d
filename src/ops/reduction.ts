import type { AnyOp } from "./define.ts";

export const reductions: readonly AnyOp[] = [];
