// The process: pure JSON, silence, pipes that close early, Ctrl-C, a disk that takes nothing.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../src/index.ts";
import { binary, pellucid, root, temporaryFolder, tensors, tiny } from "./pellucid.ts";

describe("output", () => {
  const commands: readonly (readonly string[])[] = [
    ["summary", tiny],
    ["predict", tiny, tensors],
    ["activations", tiny, tensors],
    ["filters", tiny, "--layer", "stem_conv", "--steps", "1"],
    ["cam", tiny, tensors],
    ["gradient", tiny, "--input", tensors, "--of", "probabilities:0"],
    ["export", tiny, "--method", "grad-cam", "--takes", "tensor"],
  ];
  const writesFile = new Set(["gradient", "export"]);

  it.each(commands)("of %s is one JSON document with --json, and nothing else in a pipe", async (...args) => {
    const folder = temporaryFolder();
    const out = writesFile.has(args[0] as string) ? join(folder, "file") : folder;
    const { code, stdout, stderr } = await pellucid([...args, "--json", "--out", out]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
  });

  it("has no progress bar and no escape sequences in a pipe", async () => {
    const { stdout, stderr } = await pellucid(["filters", tiny, "--layer", "*conv", "--steps", "2", "--out", temporaryFolder()]);
    expect(stdout + stderr).not.toContain("\x1b");
    expect(stdout + stderr).not.toContain("\r");
  });

  it("ends quietly when its reader has seen enough", async () => {
    const child = spawn(process.execPath, [binary, "summary", tiny], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    const [[code], stderr] = await Promise.all([once(child, "close"), text(child.stderr)]);
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("Ctrl-C", () => {
  it("stops the work with 130: what was finished stays whole, nothing half is left", async () => {
    const out = join(temporaryFolder(), "out");
    const child = spawn(process.execPath, [binary, "demo", "--steps", "1000000", "--json", "--out", out], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const output = Promise.all([once(child, "close"), text(child.stdout)]);
    let messages = "";
    for await (const chunk of child.stderr.setEncoding("utf8")) {
      messages += chunk;
      if (messages.includes("2 of 3") && !child.killed) child.kill("SIGINT");
    }
    const [[code, signal], stdout] = await output;
    expect([code, signal]).toEqual([130, null]);
    expect(messages.trimEnd().split("\n").at(-1)).toBe("error: The work was cancelled.");
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "ABORTED" } });
    const files = readdirSync(out);
    expect(files).toContain("activations-block1_conv1.png");
    expect(files).not.toContain("index.html");
    for (const file of files) expect((await decodeImage(readFileSync(join(out, file)))).width).toBeGreaterThan(0);
  });
});

describe("a place that cannot be written to", () => {
  it.each(["activations", "cam"])("%s says so and ends with 1", async (command) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "mine");
    const { code, stdout, stderr } = await pellucid([command, tiny, tensors, "--out", join(folder, "file"), "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "WRITE_FAILED" } });
    expect(stderr).toContain("hint: A part of that path is a file");
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("mine");
  });

  it("a folder in a file's place stays", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "g.npy"));
    const { code, stderr } = await pellucid(["gradient", tiny, "--input", tensors, "--of", "probabilities:0", "--out", join(folder, "g.npy")]);
    expect(code).toBe(1);
    expect(stderr).toContain("g.npy cannot be written");
    expect(readdirSync(folder)).toEqual(["g.npy"]);
  });
});
