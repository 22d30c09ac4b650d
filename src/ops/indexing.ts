import type { AnyOp } from "./define.ts";

export const indexings: readonly AnyOp[] = [];
