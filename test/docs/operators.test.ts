// The generated pages are those that the code would generate now.

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { operatorsPage } from "../../tools/operators-page.ts";

it("docs/operators.md is up to date (npm run docs)", async () => {
  expect(await readFile(new URL("../../docs/operators.md", import.meta.url), "utf8")).toBe(operatorsPage());
});
