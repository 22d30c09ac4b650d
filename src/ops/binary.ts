import type { AnyOp } from "./define.ts";

export const binaries: readonly AnyOp[] = [];
