import type { AnyOp } from "./define.ts";

export const shapings: readonly AnyOp[] = [];
