// The linter's rules on who may import whom, each proven by a violation and by an import that must stay allowed.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Importing file, then what it must not import, then what it may. */
const cases: readonly [file: string, refused: readonly string[], allowed: readonly string[]][] = [
  ["src/errors.ts", ["./tensor/tensor.ts", "./source.ts"], []],
  ["src/source.ts", ["./tensor/tensor.ts", "./graph/types.ts"], ["./errors.ts"]],
  ["src/model.ts", ["./cli/main.ts", "./studio/app.tsx", "node:fs", "commander"], ["./formats/loaded-model.ts", "#platform"]],
  ["src/tensor/probe.ts", ["../graph/types.ts", "../ops/define.ts", "fflate"], ["../errors.ts", "./dtype.ts"]],
  ["src/graph/probe.ts", ["../ops/define.ts", "../formats/loaded-model.ts", "node:path"], ["../tensor/tensor.ts", "../source.ts", "@bufbuild/protobuf/wire"]],
  ["src/graph/proto/probe.ts", ["../../ops/define.ts", "../../model.ts"], ["../types.ts", "../../tensor/tensor.ts", "@bufbuild/protobuf/wire"]],
  ["src/ops/probe.ts", ["../autodiff/gradient.ts", "../runtime/session.ts"], ["../graph/types.ts"]],
  ["src/autodiff/probe.ts", ["../runtime/session.ts", "../methods/predict.ts"], ["../ops/define.ts"]],
  ["src/autodiff/rules/probe.ts", ["../../runtime/session.ts", "../../model.ts"], ["../gradient.ts", "../../ops/define.ts"]],
  ["src/formats/probe.ts", ["../autodiff/gradient.ts", "../model.ts", "#platform"], ["../ops/writer.ts", "../source.ts"]],
  [
    "src/formats/keras/probe.ts",
    ["../../autodiff/gradient.ts", "../../model.ts", "node:fs"],
    ["../loaded-model.ts", "../../ops/writer.ts", "../zip/read-zip.ts"],
  ],
  ["src/runtime/probe.ts", ["../methods/predict.ts", "../platform/node.ts", "onnxruntime-node"], ["#platform", "../graph/types.ts", "onnxruntime-common"]],
  ["src/zoo/architectures/probe.ts", ["../../methods/predict.ts", "../../model.ts", "node:fs"], ["../network.ts", "../../formats/keras/ir.ts"]],
  ["src/platform/probe.ts", ["../graph/types.ts", "../runtime/session.ts"], ["node:fs/promises", "../source.ts"]],
  ["src/zoo/probe.ts", ["../methods/predict.ts", "../model.ts", "node:fs"], ["../formats/keras/ir.ts", "#platform"]],
  ["src/image/probe.ts", ["../render/grid.ts", "../methods/predict.ts", "node:buffer"], ["../tensor/tensor.ts"]],
  ["src/render/probe.ts", ["../methods/predict.ts", "../graph/types.ts"], ["../tensor/tensor.ts"]],
  ["src/methods/probe.ts", ["../cli/main.ts", "../platform/node.ts", "#platform", "pellucid"], ["../autodiff/gradient.ts", "../model.ts"]],
  ["src/cli/probe.ts", ["../errors.ts", "../model.ts"], ["pellucid", "commander", "node:fs/promises"]],
  ["src/cli/commands/probe.ts", ["../../errors.ts", "../../methods/predict.ts"], ["../options.ts", "pellucid", "pellucid/graph"]],
  ["src/studio/probe.ts", ["../errors.ts", "../model.ts", "node:fs", "onnxruntime-web"], ["./engine/protocol.ts", "pellucid", "react"]],
  ["src/studio/graph/probe.ts", ["../../methods/predict.ts", "../../cli/main.ts"], ["../state/studio.ts", "./blocks.ts", "pellucid", "elkjs/lib/elk-api.js"]],
];

let folder: string;
let found: Map<string, Set<number>>;
let cycles: Map<string, Set<number>>;

beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), "pellucid-lint-"));
  await cp(join(root, "biome.json"), join(folder, "biome.json"));
  for (const [file, refused, allowed] of cases) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), [...refused, ...allowed].map((name) => `import "${name}";\n`).join(""));
  }
  const output = await lint();
  found = linesOf(output, /^lint\/(style\/noRestrictedImports|correctness\/noNodejsModules)$/);
  cycles = linesOf(output, /^lint\/suspicious\/noImportCycles$/);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(cases)("%s", (file, refused, allowed) => {
  it.each(refused.map((name, line) => [name, line] as const))("must not import %s", (_, line) => {
    expect(found.get(file)).toContain(line + 1);
  });
  if (allowed.length === 0) return;
  it.each(allowed.map((name, line) => [name, line + refused.length] as const))("may import %s", (_, line) => {
    expect(found.get(file)).not.toContain(line + 1);
  });
});

it("refuses files that import each other", () => {
  expect(cycles.get("src/source.ts")).toContain(3);
});

/** The linter's diagnostics, one a line. */
function lint(): Promise<string> {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  return new Promise((done) => {
    execFile(process.execPath, [biome, "lint", "--reporter=github", "--max-diagnostics=none", "src"], { cwd: folder }, (_, stdout) => done(stdout));
  });
}

/** Lines with a diagnostic of this rule, by file. */
function linesOf(output: string, rule: RegExp): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  for (const [, title, file, line] of output.matchAll(/title=([^,]+),file=([^,]+),line=(\d+)/g)) {
    if (!rule.test(title as string)) continue;
    const name = relative(folder, file as string).replaceAll("\\", "/");
    lines.set(name, (lines.get(name) ?? new Set()).add(Number(line)));
  }
  return lines;
}
