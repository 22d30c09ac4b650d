// Stands in for test/ops/family.ts where the operators' cases are wanted as data: each family's table is kept.

import type { CaseTable } from "../ops/family.ts";

/** All tables that were handed over, by family. */
export const collected = new Map<string, CaseTable>();

export function testFamily(family: string, cases: CaseTable): void {
  collected.set(family, cases);
}
