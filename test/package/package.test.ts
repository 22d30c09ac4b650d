// The package as npm would publish it: what is inside, and that a project can import and run it.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root, temporaryFolder, tiny } from "../cli/pellucid.ts";

const project = temporaryFolder();
const installed = join(project, "node_modules", "pellucid");
let files: string[];

/** Packs the package and unpacks it into a project whose other modules are those of this one. */
beforeAll(() => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", project], { cwd: root, encoding: "utf8" }));
  files = packed.files.map((file: { path: string }) => file.path);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(project, packed.filename), "-C", installed, "--strip-components=1"]);
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const target = join(project, "node_modules", name);
    mkdirSync(join(target, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), target);
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
}, 120_000);

function run(code: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: project, encoding: "utf8" });
}

describe("the packed package", () => {
  it("holds what it needs: code, types, the network, the photos, the licence", () => {
    for (const file of [
      "package.json",
      "README.md",
      "LICENSE",
      "bin/pellucid.js",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/cli/main.js",
      "assets/photos/chelsea.png",
    ]) {
      expect(files).toContain(file);
    }
    expect(files.some((file) => /^assets\/network\/.*\.keras$/.test(file))).toBe(true);
  });

  it("holds no sources, tests or tools", () => {
    expect(files.filter((file) => !/^(bin|dist|assets|licenses)\/|^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/.test(file))).toEqual([]);
  });

  it("is imported by name", () => {
    expect(run('import { openModel, gradCam } from "pellucid"; console.log(typeof openModel, typeof gradCam);')).toBe("function function\n");
  });

  it("has the graph as a part of its own", () => {
    const code = `import { decodeOnnx, gradient } from "pellucid/graph"; import { readFile } from "node:fs/promises";
      console.log(typeof decodeOnnx, typeof gradient);`;
    expect(run(code)).toBe("function function\n");
  });

  it("opens a model and predicts", () => {
    const code = `import { openModel, predict, float32 } from "pellucid";
      const model = await openModel(${JSON.stringify(tiny)});
      const [classes] = await predict(model, float32([1, 3, 12, 12], new Float32Array(432)));
      console.log(classes.length, Math.abs(classes.reduce((sum, c) => sum + c.score, 0) - 1) < 1e-5);
      await model.dispose();`;
    expect(run(code)).toBe("3 true\n");
  });

  it("brings the command", () => {
    expect(existsSync(join(installed, "bin/pellucid.js"))).toBe(true);
    const version = execFileSync(process.execPath, [join(installed, "bin/pellucid.js"), "--version"], { encoding: "utf8" });
    expect(version.trim()).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  });
});
