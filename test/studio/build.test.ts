// The built studio: small at first, the rest when needed, and every file where any host can serve it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../dist/studio");
const page = readFileSync(join(folder, "index.html"), "utf8");
const assets = readdirSync(join(folder, "assets"));

describe("the built studio", () => {
  it("has a shell of less than 300 KB, compressed", () => {
    const files = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file as string);
    expect(files.length).toBeGreaterThan(2);
    const sizes = files.map((file) => gzipSync(readFileSync(join(folder, file))).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });

  it("loads the runtime, the layout, the chart and the readers of formats when they are needed", () => {
    expect(page).not.toMatch(/ort[.-]|elk|hdf5|keras|onnx/);
    expect(assets.filter((name) => /^(ort\.(wasm|webgpu)|elk-api|hdf5_hl|keras-model|onnx)[.-].*\.js$/.test(name))).toHaveLength(6);
  });

  it("has relative addresses only", () => {
    expect(page).not.toMatch(/(?:src|href)="(?:\/|https?:)/);
  });

  it.each(["wasm", "webgpu"])("keeps ONNX Runtime (%s) in a file that imports nothing, for its threads load it again", (kind) => {
    const [file] = assets.filter((name) => name.startsWith(`ort.${kind}`) && name.endsWith(".js"));
    const code = readFileSync(join(folder, "assets", file as string), "utf8");
    expect(code).not.toMatch(/(?:^|[;}\s])import\s*(?:[\w$]+|\{[^}]*\}|\*\s*as\s+[\w$]+)?\s*(?:from)?\s*["']\.\//);
  });

  it("brings the embedded network and the photo", () => {
    expect(readdirSync(join(folder, "embedded"))).toEqual(expect.arrayContaining(["chelsea.png", "cifar10-vgg.keras", "labels.json"]));
  });
});
