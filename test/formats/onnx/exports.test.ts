// PyTorch's exports: every module is a layer under its own name, and the layer gives what the module returned.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { BuiltModel, LoadedModel } from "../../../src/formats/loaded-model.ts";
import { readOnnx } from "../../../src/formats/onnx.ts";
import { concretize } from "../../../src/ops/infer.ts";
import { openInput } from "../../../src/platform/node.ts";
import { createSession } from "../../../src/runtime/session.ts";
import { float32, type Tensor, toNumbers } from "../../../src/tensor/tensor.ts";

const folder = join(import.meta.dirname, "../../reference/onnx-exports");
type Call = readonly [shape: number[], mean: number, deviation: number];
const reference = JSON.parse(readFileSync(join(folder, "modules.json"), "utf8")) as { x: number[]; y: number[]; calls: Record<string, Call[]> };

/** Modules without a trace in an inference graph. */
const invisible = new Set(["head.0"]);
/** Operators that no module stands for. */
const functional = ["layer1.0.Add", "layer1.1.Add", "se.Mul", "mixer.Mul", "mixer.Add", "Relu", "ReduceMean", "Softmax"];

/** The module calls in order: `layer1.0.relu`, `layer1.0.relu_1`. */
const calls = new Map(Object.entries(reference.calls).flatMap(([path, made]) => made.map((call, i) => [i === 0 ? path : `${path}_${i}`, call] as const)));
for (const path of invisible) calls.delete(path);

async function run(built: BuiltModel): Promise<Record<string, Tensor>> {
  const { infos } = concretize(built.graph);
  const names = new Set([...built.graph.outputs.map((output) => output.name), ...built.layers.map((layer) => layer.output)]);
  const outputs = [...names].map((name) => ({ name, dtype: "float32" as const, shape: infos.get(name)?.shape ?? [] }));
  const session = await createSession({ ...built.graph, outputs });
  const results = await session.run({ input: float32([1, 3, 12, 12], reference.x) });
  await session.dispose();
  return results;
}

/** Batch normalization is folded into the convolution before it, so the convolution gives what it returned. */
function folded(name: string): string {
  const norm = name.replace(/conv(\d)$/, "bn$1").replace(/downsample\.0$/, "downsample.1");
  return calls.has(norm) ? norm : name;
}

const isFoldedAway = (name: string) => /bn\d$|downsample\.1$/.test(name);

describe.each([
  ["torchscript", false],
  ["torchscript-folded", true],
  ["dynamo", true],
])("%s", (file, isFolded) => {
  let model: LoadedModel;
  let built: BuiltModel;
  let results: Record<string, Tensor>;

  beforeAll(async () => {
    model = await readOnnx(await openInput(join(folder, `${file}.onnx`)));
    built = model.build({ input: [1, 3, 12, 12] });
    results = await run(built);
  });

  test("says what it is", () => {
    expect(model.format).toBe("onnx");
    expect(model.producer).toMatch(/^pytorch 2\./);
    expect(model.inputs).toMatchObject([{ name: "input", dtype: "float32", layout: "NCHW" }]);
    expect(model.outputs).toEqual(["output"]);
  });

  test("computes what the network computes", () => {
    const y = toNumbers(results.output as Tensor);
    y.forEach((value, i) => {
      expect(value).toBeCloseTo(reference.y[i] as number, 5);
    });
  });

  test("has a layer for every module, and one for every function in between", () => {
    const modules = [...calls.keys()].filter((name) => !(isFolded && isFoldedAway(name)));
    expect(built.layers.map((layer) => layer.name).sort()).toEqual([...modules, ...functional].sort());
  });

  test("gives the modules' outputs", () => {
    for (const layer of built.layers) {
      const call = calls.get(isFolded ? folded(layer.name) : layer.name);
      if (!call) continue;
      const [shape, mean, deviation] = call;
      const values = toNumbers(results[layer.output] as Tensor);
      const m = values.reduce((sum, v) => sum + v, 0) / values.length;
      const d = Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (values.length - 1));
      expect([layer.name, values.length]).toEqual([layer.name, shape.reduce((n, s) => n * s, 1)]);
      expect([layer.name, Math.abs(m - mean) < 1e-5, Math.abs(d - deviation) < 1e-5]).toEqual([layer.name, true, true]);
    }
  });

  test("names the operators, also those written in several nodes", () => {
    const kinds = Object.fromEntries(built.layers.map((layer) => [layer.name, layer.kind]));
    expect(kinds).toMatchObject({
      "features.0": "Conv",
      "features.1": "Clip",
      "features.2": "MaxPool",
      "layer1.0.relu_1": "Relu",
      "se.activation": "Swish",
      "se.scale_activation": "Sigmoid",
      "mixer.block.1": "HardSwish",
      "mixer.block.2": "LayerNormalization",
      "mixer.act": "Gelu",
      "mixer.mish": "Mish",
      "head.1": "Gemm",
    });
  });

  test("knows the layers above each layer, their weights and channels", () => {
    const layer = (name: string) => built.layers.find((l) => l.name === name);
    expect(layer("features.0")).toMatchObject({ inputs: [], parameters: 4 * 3 * 9 + 4, channelAxis: 1 });
    expect(layer("layer1.0.Add")?.inputs.toSorted()).toEqual(
      isFolded ? ["layer1.0.conv2", "layer1.0.downsample.0"] : ["layer1.0.bn2", "layer1.0.downsample.1"],
    );
    expect(layer("mixer.up")).toMatchObject({ parameters: 6 * 5 + 5, channelAxis: 3 });
    expect(layer("head.1")).toMatchObject({ inputs: ["ReduceMean"], parameters: 35, channelAxis: 1 });
  });
});
