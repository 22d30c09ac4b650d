// Help, wrong usage, errors: what is said, where, and with which exit code.

import { describe, expect, it } from "vitest";
import { pellucid, tensors, tiny } from "./pellucid.ts";

const commands = ["summary", "predict", "activations", "filters", "cam", "gradient", "export", "demo"];

describe("help", () => {
  it("lists every command", async () => {
    const { code, stdout } = await pellucid(["--help"]);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  });

  it.each(commands)("of %s has examples and the common options", async (command) => {
    const { code, stdout, stderr } = await pellucid([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: pellucid ${command}`);
    expect(stdout).toContain(`Examples:\n  pellucid ${command}`);
    for (const option of ["--json", "--device", "--quiet", "--debug"]) expect(stdout).toContain(option);
    expect(stderr).toBe("");
  });
});

describe("wrong usage ends with 2 and one hint", () => {
  const cases: readonly [args: readonly string[], message: string][] = [
    [["summry", tiny], "error: unknown command 'summry' (Did you mean summary?)"],
    [["predict", tiny, tensors, "--tpo", "3"], "error: unknown option '--tpo' (Did you mean --top?)"],
    [["predict", tiny], "error: missing required argument 'image'"],
    [["predict", tiny, tensors, "--top", "0"], "error: option '--top <n>' argument '0' is invalid. Give a whole number of at least 1."],
    [["predict", tiny, tensors, "--device", "abacus"], "argument 'abacus' is invalid. Allowed choices are cpu, webgpu, cuda, coreml, dml."],
    [["filters", tiny], "error: required option '--layer <glob>' not specified"],
    [["filters", tiny, "--layer", "*", "--filter", "8-3"], "Give indices and ranges, from 0: 0,3,8-15."],
    [
      ["gradient", tiny, "--input", tensors, "--of", "probabilities", "--out", "g.npy"],
      "Give an output, layer or tensor, and a position in it: predictions:3.",
    ],
  ];

  it.each(cases)("%j", async (args, message) => {
    const { code, stdout, stderr } = await pellucid(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
    expect(stderr).toMatch(/\nhint: See: pellucid .*--help\n$/);
  });

  it("no command at all shows the help, on stderr", async () => {
    const { code, stdout, stderr } = await pellucid([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: pellucid");
  });
});

describe("errors end with 1: what and where, then what to do", () => {
  const cases: readonly [args: readonly string[], code: string, message: RegExp][] = [
    [["summary", "nothing.onnx"], "MISSING_FILE", /There is no file .*nothing\.onnx/],
    [["summary", "package.json"], "UNKNOWN_FORMAT", /package\.json/],
    [["predict", tiny, "nothing.png"], "MISSING_FILE", /There is no file nothing\.png/],
    [["predict", tiny, "package.json"], "BAD_IMAGE", /package\.json/],
    [["predict", tiny, "assets/photos/chelsea.png"], "PREPROCESS_NEEDED", /tiny/],
    [["predict", tiny, "test/reference/cli/cam.npy"], "SHAPE_MISMATCH", /"image" takes a tensor of shape .*, not \[1, 2, 6, 6\]/],
    [["predict", tiny, tensors, "--labels", "nothing.txt"], "MISSING_FILE", /nothing\.txt/],
    [["activations", tiny, tensors, "--layer", "stam_conv"], "UNKNOWN_LAYER", /no layer "stam_conv"/],
    [["cam", tiny, tensors, "--target", "9"], "UNKNOWN_TARGET", /Class 9 does not exist/],
    [["gradient", tiny, "--input", tensors, "--of", "probabilities:3", "--out", "g.npy"], "UNKNOWN_TARGET", /no position 3/],
  ];

  it.each(cases)("%j", async (args, error, message) => {
    const { code, stdout, stderr } = await pellucid([...args, "--json"]);
    expect(code).toBe(1);
    const [first, second, ...more] = stderr.trimEnd().split("\n");
    expect(first).toMatch(/^error: /);
    expect(first).toMatch(message);
    expect(second).toMatch(/^hint: \S/);
    expect(more).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: error, message: first?.slice("error: ".length), hint: second?.slice("hint: ".length) } });
  });

  it("stack traces only with --debug", async () => {
    const plain = await pellucid(["summary", "nothing.onnx"]);
    const debug = await pellucid(["summary", "nothing.onnx", "--debug"]);
    expect(plain.stderr).not.toContain("    at ");
    expect(debug.stderr).toContain("    at ");
    expect(debug.stderr).toContain("caused by:");
    expect([plain.code, debug.code]).toEqual([1, 1]);
  });
});
