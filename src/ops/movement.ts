import type { AnyOp } from "./define.ts";

export const movements: readonly AnyOp[] = [];
