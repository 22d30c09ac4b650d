// Writes the generated pages of docs/ again: npm run docs.

import { writeFile } from "node:fs/promises";
import { commandLinePage } from "./command-line-page.ts";
import { layersPage } from "./layers-page.ts";
import { operatorsPage } from "./operators-page.ts";

const docs = new URL("../docs/", import.meta.url);
await writeFile(new URL("command-line.md", docs), commandLinePage());
await writeFile(new URL("layers.md", docs), await layersPage());
await writeFile(new URL("operators.md", docs), operatorsPage());
