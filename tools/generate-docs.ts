// Writes the generated pages of docs/ again: npm run docs.

import { writeFile } from "node:fs/promises";
import { operatorsPage } from "./operators-page.ts";

await writeFile(new URL("../docs/operators.md", import.meta.url), operatorsPage());
