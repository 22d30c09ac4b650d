// Layers models in every form, against Keras's numbers; tools/reference/tfjs_layers.py made them.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { LoadedModel } from "../../../src/formats/loaded-model.ts";
import { readModel } from "../../../src/formats/read-model.ts";
import { isRegion } from "../../../src/graph/types.ts";
import { createSession } from "../../../src/runtime/session.ts";
import { float32, type Tensor, transpose } from "../../../src/tensor/tensor.ts";
import { decodeFloats, memoryModel } from "./memory-model.ts";

interface Encoded {
  shape: number[];
  data: string;
}

interface Case {
  name: string;
  model: { weightsManifest: { paths: string[]; weights: { name: string; shape: number[] }[] }[] } & Record<string, unknown>;
  files: Record<string, string>;
  input: Encoded;
  layers: Record<string, Encoded>;
}

const cases = JSON.parse(readFileSync(new URL("../../reference/tfjs/layers.json", import.meta.url), "utf8")) as Case[];

function caseNamed(name: string): Case {
  return structuredClone(cases.find((c) => c.name === name) as Case);
}

function bytesOf(files: Record<string, string>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([name, data]) => [name, Buffer.from(data, "base64")]));
}

function open({ model, files }: Pick<Case, "model" | "files">): Promise<LoadedModel> {
  return readModel(memoryModel(model, bytesOf(files)));
}

test.each(cases.map((c) => [c.name, c] as const))("%s: Keras's numbers, within the nested model too", async (_, { input, layers: wanted, ...files }) => {
  const model = await open(files);
  expect(model.format).toBe("tfjs-layers");
  for (const [name, encoded] of Object.entries(wanted)) {
    const { graph, layers } = model.build({ [model.inputs[0]?.name as string]: input.shape }, name);
    const session = await createSession(graph);
    const results = await session.run({ [model.inputs[0]?.name as string]: float32(input.shape, decodeFloats(input.data)) });
    const order = layers.find((layer) => layer.name === name)?.ownOrder;
    const got = Object.values(results)[0] as Tensor<"float32">;
    expectClose(order ? transpose(got, order) : got, encoded);
    await session.dispose();
  }
});

function expectClose(got: Tensor<"float32">, wanted: Encoded): void {
  expect(got.shape).toEqual(wanted.shape);
  decodeFloats(wanted.data).forEach((x, i) => {
    expect(Math.abs((got.data[i] as number) - x), `element ${i}`).toBeLessThanOrEqual(3e-6 * Math.max(1, Math.abs(x)));
  });
}

describe("where weights are", () => {
  const stored = async (name: string) => {
    const model = await open(caseNamed(name));
    const { graph } = model.build({ [model.inputs[0]?.name as string]: [1, 9, 8, 3] });
    return [...graph.initializers.values()].filter((weight) => weight.shape.length > 0 && weight.dtype !== "int64").map((weight) => isRegion(weight.data));
  };

  test("plain and half-precision weights stay in their file", async () => {
    expect(await stored("plain")).not.toContain(false);
    expect((await stored("float16")).filter(Boolean)).toHaveLength(10);
  });

  test("of weights in shards, those that straddle two are read", async () => {
    const places = await stored("shards");
    expect(places).toContain(true);
    expect(places).toContain(false);
  });
});

describe("what is refused", () => {
  const manifest = (change: (entry: Record<string, unknown>) => void) => {
    const model = caseNamed("plain");
    change(model.model.weightsManifest[0]?.weights[0] as Record<string, unknown>);
    return model;
  };

  test.each<[string, () => Pick<Case, "model" | "files">, string, RegExp]>([
    ["a missing shard", () => ({ ...caseNamed("plain"), files: {} }), "MISSING_FILE", /group1-shard1of1.bin/],
    ["a shard cut short", () => ({ ...caseNamed("plain"), files: { "group1-shard1of1.bin": "AAAA" } }), "BAD_MODEL", /should end at byte/],
    ["a shard outside the folder", () => withPath("../weights.bin"), "UNSAFE_PATH", /outside/],
    ["a weight without a shape", () => manifest((entry) => delete entry.shape), "BAD_MODEL", /no shape/],
    ["a negative size", () => manifest((entry) => Object.assign(entry, { shape: [-1] })), "BAD_MODEL", /no shape/],
    ["an unknown dtype", () => manifest((entry) => Object.assign(entry, { dtype: "float8" })), "BAD_MODEL", /float8/],
    ["an unknown quantization", () => manifest((entry) => Object.assign(entry, { quantization: { dtype: "int4" } })), "BAD_MODEL", /unknown way/],
    ["a size beyond the file", () => manifest((entry) => Object.assign(entry, { shape: [2 ** 40, 2 ** 40] })), "BAD_MODEL", /should end at byte/],
    ["weights of another model", () => manifest((entry) => Object.assign(entry, { name: "elsewhere/kernel" })), "BAD_MODEL", /classes/],
    ["two weights of one name", () => manifest((entry) => Object.assign(entry, { name: "classes/bias" })), "BAD_MODEL", /twice/],
  ])("%s", async (_, damage, code, message) => {
    await expect(open(damage())).rejects.toMatchObject({ code, message });
  });

  function withPath(path: string): Case {
    const model = caseNamed("plain");
    (model.model.weightsManifest[0] as { paths: string[] }).paths = [path];
    return model;
  }

  test("a model.json of weights alone", async () => {
    const { weightsManifest } = caseNamed("plain").model;
    await expect(readModel(memoryModel({ weightsManifest }, {}))).rejects.toMatchObject({ code: "BAD_MODEL", message: /modelTopology/ });
  });
});

test("text among the weights is skipped, and what follows is found", async () => {
  const { model, files } = caseNamed("plain");
  const group = model.weightsManifest[0] as { weights: unknown[] };
  group.weights.unshift({ name: "vocabulary", shape: [2], dtype: "string" });
  const text = Uint8Array.from([2, 0, 0, 0, 104, 105, 0, 0, 0, 0]);
  const [path, data] = Object.entries(bytesOf(files))[0] as [string, Uint8Array];
  const changed = await readModel(memoryModel(model, { [path]: Uint8Array.from([...text, ...data]) }));
  expect(changed.inputs[0]?.shape).toEqual([null, 9, 8, 3]);
});

test("class names and preprocessing of Teachable Machine's models", async () => {
  const { model, files } = caseNamed("plain");
  const metadata = { packageName: "@teachablemachine/image", labels: ["cat", "dog", "both", "none"], imageSize: 224 };
  const bytes = { ...bytesOf(files), "metadata.json": new TextEncoder().encode(JSON.stringify(metadata)) };
  const loaded = await readModel(memoryModel(model, bytes));
  expect(loaded.labels).toEqual(metadata.labels);
  expect(loaded.preprocessing?.preset).toBe("tf");
});
