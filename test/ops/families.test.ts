// Every family of the operator table has its own test file, and so every operator its cases (see family.ts).

import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { families } from "../../src/ops/table.ts";

it("tests every family", () => {
  const files = readdirSync(new URL(".", import.meta.url));
  expect(Object.keys(families).filter((family) => !files.includes(`${family}.test.ts`))).toEqual([]);
});
