import type { AnyOp } from "./define.ts";

export const resizings: readonly AnyOp[] = [];
