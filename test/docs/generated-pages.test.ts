// The generated pages are those that the code would generate now.

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { commandLinePage } from "../../tools/command-line-page.ts";
import { layersPage } from "../../tools/layers-page.ts";
import { operatorsPage } from "../../tools/operators-page.ts";

it.each([
  ["command-line.md", commandLinePage],
  ["layers.md", layersPage],
  ["operators.md", operatorsPage],
])("docs/%s is up to date (npm run docs)", async (name, page) => {
  expect(await readFile(new URL(`../../docs/${name}`, import.meta.url), "utf8")).toBe(await page());
});
