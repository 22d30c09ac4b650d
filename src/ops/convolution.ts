import type { AnyOp } from "./define.ts";

export const convolutions: readonly AnyOp[] = [];
