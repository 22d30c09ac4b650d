// Each command on a tiny model: what it prints, what it saves, and that the numbers are PyTorch's.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeImage, type Tensor, writeNpy } from "../../src/index.ts";
import { difference, npy, pellucid, pellucidJson, photo, temporaryFolder, tensors, tiny } from "./pellucid.ts";

const close = 1e-5;

/** Item `i` of a batch, with a batch axis of 1. */
function item(batch: Tensor, i: number): Tensor {
  const shape = [1, ...batch.shape.slice(1)];
  const size = shape.reduce((n, d) => n * d, 1);
  return { ...batch, shape, data: (batch.data as Float32Array).subarray(i * size, (i + 1) * size) };
}

async function sizeOfPicture(path: string): Promise<[number, number]> {
  const { width, height } = await decodeImage(readFileSync(path));
  return [width, height];
}

describe("summary", () => {
  it("prints layers, shapes and parameters", async () => {
    const { code, stdout, stderr } = await pellucid(["summary", tiny]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^stem\/conv +Conv +\[\?, 4, 12, 12\] +112$/m);
    expect(stdout).toMatch(/^parameters +355$/m);
  });

  it("says the same as JSON", async () => {
    const summary = await pellucidJson<{ parameters: number; layers: { name: string; shape: unknown }[]; inputs: unknown }>(["summary", tiny]);
    expect(summary.parameters).toBe(355);
    expect(summary.inputs).toEqual([{ name: "image", dtype: "float32", shape: ["N", 3, 12, 12], layout: "NCHW" }]);
    expect(summary.layers.find(({ name }) => name === "stem_conv")).toMatchObject({ shape: [null, 6, 6, 6] });
  });
});

describe("--out of commands that print", () => {
  it.each([
    ["summary.json", ["summary", tiny]],
    ["predictions.json", ["predict", tiny, tensors]],
  ])("saves %s, and only where it is given", async (name, args) => {
    const out = join(temporaryFolder(), "new");
    const { file, ...result } = await pellucidJson<{ file: string }>([...args, "--out", out]);
    expect(file).toBe(join(out, name));
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(result);
    expect(await pellucidJson(args)).toEqual(result);
  });
});

describe("--npy is taken by every command", () => {
  it.each([["summary"], ["export", "--method", "grad-cam", "--out", "-"]])("%s says that it does nothing", async (command, ...rest) => {
    const out = join(temporaryFolder(), "model.onnx");
    const { code, stderr } = await pellucid([command, tiny, ...rest.map((arg) => (arg === "-" ? out : arg)), "--npy"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^--npy: /);
  });
});

describe("predict", () => {
  it("gives the classes of every item of a .npy batch, best first", async () => {
    const { predictions } = await pellucidJson<{ predictions: { image: string; classes: { index: number; score: number }[] }[] }>(["predict", tiny, tensors]);
    const expected = npy("probabilities.npy");
    expect(predictions.map(({ image }) => image)).toEqual([tensors, tensors]);
    predictions.forEach(({ classes }, i) => {
      const scores = classes.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const { index, score } of classes) expect(Math.abs(score - (expected.data[3 * i + index] as number))).toBeLessThan(close);
    });
  });

  it("names classes from a file and keeps to --top", async () => {
    const labels = join(temporaryFolder(), "labels.txt");
    writeFileSync(labels, "ant\nbee\ncow\n");
    const { stdout } = await pellucid(["predict", tiny, photo, "--preprocess", "torch", "--labels", labels, "--top", "1"]);
    const [name, titles, best, ...more] = stdout.trimEnd().split("\n");
    expect([name, titles]).toEqual([photo, " score  index  class"]);
    expect(best).toMatch(/^0\.\d{4} +[012] +(ant|bee|cow)$/);
    expect(more).toEqual([]);
  });

  it("keeps the results of two pictures of one name apart", async () => {
    const out = temporaryFolder();
    const { predictions } = await pellucidJson<{ predictions: { raw: string }[] }>(["predict", tiny, tensors, tensors, "--npy", "--out", out]);
    const files = predictions.map(({ raw }) => raw);
    expect(new Set(files).size).toBe(4);
    expect(readdirSync(out)).toHaveLength(5);
    files.forEach((file, i) => {
      expect(difference(npy(file), item(npy("probabilities.npy"), i % 2))).toBeLessThan(close);
    });
  });
});

describe("activations", () => {
  it("saves every layer that has positions, each under a name of its own", async () => {
    const out = temporaryFolder();
    const { activations } = await pellucidJson<{ activations: { image: string; layer: string; shape: number[]; files: string[] }[] }>([
      ...["activations", tiny, tensors, "--npy", "--out", out],
    ]);
    const files = activations.flatMap((each) => each.files);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length);
    expect(readdirSync(out).sort()).toEqual(files.map((file) => file.slice(out.length + 1)).sort());
    const of = (layer: string) => activations.filter((each) => each.layer === layer).map((each) => npy(each.files[1] as string));
    of("stem/relu").forEach((tensor, i) => {
      expect(difference(tensor, item(npy("first.npy"), i))).toBeLessThan(close);
    });
    of("stem_relu").forEach((tensor, i) => {
      expect(difference(tensor, item(npy("second.npy"), i))).toBeLessThan(close);
    });
    expect(of("stem_relu")).toHaveLength(2);
  });

  it("counts silent channels", async () => {
    const { activations } = await pellucidJson<{ activations: { layer: string; channels: number; silent: number; zeros: number }[] }>([
      ...["activations", tiny, tensors, "--layer", "stem/relu", "--out", temporaryFolder()],
    ]);
    const first = npy("first.npy").data as Float32Array;
    activations.forEach(({ channels, silent, zeros }, i) => {
      const half = first.subarray((i * first.length) / 2, ((i + 1) * first.length) / 2);
      expect([channels, silent]).toEqual([4, [0, 1, 2, 3].filter((c) => half.subarray(c * 144, (c + 1) * 144).every((x) => x === 0)).length]);
      expect(zeros).toBeCloseTo(half.filter((x) => x === 0).length / half.length, 6);
    });
  });

  it("saves single channels, enlarged by whole pixels, with their raw values", async () => {
    const out = temporaryFolder();
    const input = join(out, "one.npy");
    writeFileSync(input, writeNpy(item(npy("x.npy"), 0)));
    await pellucidJson(["activations", tiny, input, "--layer", "stem_relu", "--channel", "0,3-4", "--npy", "--out", join(out, "c")]);
    const names = [0, 3, 4].flatMap((c) => [`one-stem_relu-channel${c}.npy`, `one-stem_relu-channel${c}.png`]);
    expect(readdirSync(join(out, "c")).sort()).toEqual(names);
    const second = npy("second.npy").data as Float32Array;
    const channel = npy(join(out, "c", "one-stem_relu-channel3.npy"));
    expect(channel.shape).toEqual([6, 6]);
    expect(difference(channel, { ...channel, data: second.subarray(3 * 36, 4 * 36) } as Tensor)).toBeLessThan(close);
    expect(await sizeOfPicture(join(out, "c", "one-stem_relu-channel3.png"))).toEqual([228, 228]);
  });

  it("refuses a channel that is not there", async () => {
    const out = join(temporaryFolder(), "none");
    const { code, stderr } = await pellucid(["activations", tiny, tensors, "--layer", "stem_relu", "--channel", "6", "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toContain('Layer "stem_relu" has no channel 6');
    expect(existsSync(out)).toBe(false);
  });
});

describe("filters", () => {
  const small = ["--steps", "3", "--filter", "0-2", "--seed", "5"];

  it("saves a grid a layer, and the patterns in the model's own layout", async () => {
    const out = temporaryFolder();
    const { layers } = await pellucidJson<{ layers: { layer: string; filters: { filter: number }[]; files: string[] }[] }>([
      ...["filters", tiny, "--layer", "stem?conv", ...small, "--npy", "--out", out],
    ]);
    expect(layers.map(({ layer, filters }) => [layer, filters.map(({ filter }) => filter)])).toEqual([
      ["stem/conv", [0, 1, 2]],
      ["stem_conv", [0, 1, 2]],
    ]);
    expect(readdirSync(out).sort()).toEqual(["stem_conv-filters-2.npy", "stem_conv-filters-2.png", "stem_conv-filters.npy", "stem_conv-filters.png"]);
    expect(npy(join(out, "stem_conv-filters.npy")).shape).toEqual([3, 3, 12, 12]);
  });

  it("is the same for the same seed, and climbs", async () => {
    const out = temporaryFolder();
    const run = (steps: string, name: string) =>
      pellucidJson<{ layers: { filters: { activation: number; silent: boolean }[] }[] }>([
        ...["filters", tiny, "--layer", "stem_relu", "--filter", "0-2", "--seed", "5", "--steps", steps, "--npy", "--out", join(out, name)],
      ]);
    const [short, again, long] = [await run("3", "a"), await run("3", "b"), await run("12", "c")];
    expect(again).toEqual(JSON.parse(JSON.stringify(short).replaceAll(join(out, "a"), join(out, "b"))));
    expect(readFileSync(join(out, "a", "stem_relu-filters.npy"))).toEqual(readFileSync(join(out, "b", "stem_relu-filters.npy")));
    const climbing = (short.layers[0]?.filters ?? []).map(({ activation, silent }, i) => silent || (long.layers[0]?.filters[i]?.activation ?? 0) > activation);
    expect(climbing).toEqual([true, true, true]);
  });
});

describe("cam", () => {
  it("gives PyTorch's map for a class", async () => {
    const out = temporaryFolder();
    const { heatmaps } = await pellucidJson<{ heatmaps: { layer: string; map: { shape: number[]; data: number[] }; files: string[] }[] }>([
      ...["cam", tiny, tensors, "--target", "2", "--npy", "--out", out],
    ]);
    const expected = npy("cam.npy");
    heatmaps.forEach(({ layer, map, files }, i) => {
      expect([layer, map.shape]).toEqual(["stem_relu", [6, 6]]);
      const half = item(expected, i);
      expect(Math.max(...map.data.map((x, k) => Math.abs(x - (half.data[k] as number))))).toBeLessThan(close);
      expect(files.map((file) => existsSync(file))).toEqual([true, true, true, true]);
    });
    expect(heatmaps).toHaveLength(2);
    expect(npy(join(out, "x-0-cam-class_2-heatmap.npy")).shape).toEqual([6, 6]);
    expect(npy(join(out, "x-0-cam-class_2.npy")).shape).toEqual([12, 12]);
  });

  it("lays the map over the photo at the photo's size, one for each class", async () => {
    const out = temporaryFolder();
    const { code } = await pellucid(["cam", tiny, photo, "--preprocess", "unit", "--resize", "crop", "--target", "0", "--target", "1", "--out", out]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([0, 1].flatMap((c) => [`chelsea-cam-class_${c}-heatmap.png`, `chelsea-cam-class_${c}.png`]).sort());
  });
});

describe("gradient", () => {
  it.each([
    ["image", "gradient.npy"],
    ["stem_relu", "gradient-second.npy"],
  ])("to %s is PyTorch's", async (wrt, expected) => {
    const out = join(temporaryFolder(), "deep", "g.npy");
    const { code, stdout } = await pellucid(["gradient", tiny, "--input", tensors, "--of", "probabilities:2", "--wrt", wrt, "--out", out]);
    expect([code, stdout.startsWith(`${out}  float32 [2, `)]).toEqual([0, true]);
    expect(npy(out).shape).toEqual(npy(expected).shape);
    expect(difference(npy(out), npy(expected))).toBeLessThan(close);
  });
});

describe("export", () => {
  it("writes a model that gives predictions and the map, in ONNX Runtime alone", async () => {
    const out = join(temporaryFolder(), "tiny-cam.onnx");
    const result = await pellucidJson<{ file: string; bytes: number }>(["export", tiny, "--method", "grad-cam", "--target", "2", "--batch", "2", "--out", out]);
    expect(result).toMatchObject({ file: out, bytes: readFileSync(out).length });
    const { InferenceSession, Tensor: OrtTensor } = await import("onnxruntime-node");
    const session = await InferenceSession.create(out);
    const x = npy("x.npy");
    const answers = await session.run({ image: new OrtTensor("float32", x.data as Float32Array, x.shape) });
    const as = (name: string) => ({ dtype: "float32", shape: answers[name]?.dims ?? [], data: answers[name]?.data as Float32Array }) as Tensor;
    expect(difference(as("probabilities"), npy("probabilities.npy"))).toBeLessThan(close);
    expect(difference(as("cam"), npy("cam.npy"))).toBeLessThan(close);
    expect(as("heatmap").shape).toEqual([2, 12, 12]);
  });
});
