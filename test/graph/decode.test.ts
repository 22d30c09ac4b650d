// ONNX files with everything that the format allows: read, written again and run, they compute what ONNX Runtime
// computes with the original; what contradicts itself is refused.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { decodeOnnx, type OnnxFile } from "../../src/graph/decode.ts";
import { type Graph, isRegion } from "../../src/graph/types.ts";
import { upgrade } from "../../src/graph/upgrade.ts";
import { widenHalves } from "../../src/graph/widen.ts";
import { fileSource, openInput } from "../../src/platform/node.ts";
import { createSession } from "../../src/runtime/session.ts";
import { bytesSource, type Source } from "../../src/source.ts";
import { fromHalf } from "../../src/tensor/dtype.ts";
import { float32, toNumbers } from "../../src/tensor/tensor.ts";

const folder = join(import.meta.dirname, "../reference/onnx-files");
const path = (name: string) => join(folder, `${name}.onnx`);

async function decode(name: string): Promise<OnnxFile> {
  const opened = await openInput(path(name));
  return decodeOnnx(opened.source as Source, opened.folder);
}

function inputOf(graph: Graph): { shape: number[]; data: Float32Array } {
  const shape = (graph.inputs[0]?.shape ?? []).map((d) => (typeof d === "number" ? d : 2));
  return { shape, data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i * 2.3)) };
}

async function runOurs(graph: Graph): Promise<Record<string, number[]>> {
  const { shape, data } = inputOf(graph);
  const session = await createSession(upgrade(graph));
  const results = await session.run({ x: float32(shape, data) });
  await session.dispose();
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toNumbers(tensor)]));
}

async function runOriginal(name: string, graph: Graph): Promise<Record<string, number[]>> {
  const { shape, data } = inputOf(graph);
  const session = await InferenceSession.create(path(name), { logSeverityLevel: 4 });
  const results = await session.run({ x: new OrtTensor("float32", data, shape) });
  return Object.fromEntries(Object.entries(results).map(([output, tensor]) => [output, Array.from(tensor.data as Float32Array)]));
}

function expectClose(got: Record<string, number[]>, wanted: Record<string, number[]>, tolerance: number): void {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted)) {
    expect(got[name]).toHaveLength(values.length);
    const worst = values.reduce((max, v, i) => Math.max(max, Math.abs(v - (got[name]?.[i] as number)) / (1 + Math.abs(v))), 0);
    expect([name, worst <= tolerance]).toEqual([name, true]);
  }
}

test.each(["typed-arrays", "constants", "functions", "unsorted", "quantized", "external", "metadata"])("%s", async (name) => {
  const { graph } = await decode(name);
  expectClose(await runOurs(graph), await runOriginal(name, graph), 1e-6);
});

test("half precision computes in float32 with the file's weights", async () => {
  const { graph } = await decode("float16");
  const wide = widenHalves(graph);
  expect([...wide.inputs, ...wide.outputs].map((info) => info.dtype)).toEqual(["float32", "float32", "float32"]);
  const got = await runOurs(wide);

  const { shape, data } = inputOf(wide);
  const halves = Uint16Array.from(data, halfBits);
  const session = await InferenceSession.create(path("float16"), { logSeverityLevel: 4 });
  const { y } = await session.run({ x: new OrtTensor("float16", halves, shape) });
  const wanted = Array.from(y?.data as Uint16Array, fromHalf);
  expectClose({ y: got.y as number[] }, { y: wanted }, 5e-3);
  expect(got.narrow).toEqual(got.y);
});

/** Bits of a number below 1 in half precision, cut off. */
function halfBits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] as number;
  const exponent = ((bits >> 23) & 0xff) - 112;
  return exponent <= 0 ? 0 : ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >> 13) & 0x3ff);
}

test("bfloat16 weights too", async () => {
  const { graph } = await decode("bfloat16");
  const wide = widenHalves(graph);
  const large = wide.initializers.get("conv.weight:bfloat16");
  expect(large && isRegion(large.data)).toBe(true);
  expect(wide.initializers.get("fc.bias")?.dtype).toBe("float32");
  const got = await runOurs(wide);
  expect(got.y?.every(Number.isFinite)).toBe(true);
  expect(got.y).toHaveLength(10);
});

test("the file's own words", async () => {
  const { producer, metadata, graph } = await decode("metadata");
  expect(producer).toBe("files 1.0");
  expect(metadata.get("task")).toBe("classify");
  expect(graph.inputs).toEqual([{ name: "x", dtype: "float32", shape: ["batch", 3, "height", "width"] }]);
});

test("functions are written out under the names of their calls", async () => {
  const { graph } = await decode("functions");
  expect(graph.nodes.map((node) => `${node.op} ${node.name}`)).toEqual([
    "MatMul block1/fc",
    "LeakyRelu block1/leaky/act",
    "Add block1/add",
    "MatMul block2/fc",
    "LeakyRelu block2/leaky/act",
    "Add block2/add",
  ]);
});

test("large weights stay in the file, and little else of it is read", async () => {
  const bytes = new Uint8Array(readFileSync(path("metadata")));
  // A tensor of 64 MB in the graph, of which the file says the size only.
  const huge = { ...bytesSource(bytes), byteLength: bytes.length + 64_000_000 + 40 };
  const tensor = [0x0a, ...varint(64_000_000 + 18), ...tensorHead("huge", 16_000_000), 0x4a, ...varint(64_000_000)];
  const field = [0x3a, ...varint(64_000_000 + tensor.length), 0x2a, ...tensor.slice(1)];
  let read = 0;
  const source: Source = {
    ...huge,
    byteLength: bytes.length + field.length + 64_000_000,
    slice: async (start, end) => {
      read += end - start;
      const whole = new Uint8Array(end - start);
      const known = Uint8Array.from([...bytes, ...field]);
      if (start < known.length) whole.set(known.subarray(start, end));
      return whole;
    },
  };
  const { graph } = await decodeOnnx(source, { name: "", open: async () => undefined });
  expect(graph.initializers.get("huge")?.data).toEqual({ source, offset: bytes.length + field.length, length: 64_000_000 });
  expect(read).toBeLessThan(40_000);
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

function tensorHead(name: string, size: number): number[] {
  return [0x08, ...varint(size), 0x10, 1, 0x42, name.length, ...new TextEncoder().encode(name)];
}

describe("refused", () => {
  test.each([
    ["strings-used", "UNSUPPORTED_OPERATOR", /Gather.*"words".*string/],
    ["sparse-constant", "UNSUPPORTED_OPERATOR", /sparse/i],
    ["sparse-weight", "UNSUPPORTED_OPERATOR", /sparse/],
    ["endless-functions", "BAD_MODEL", /"Block" calls itself/],
    ["cycle", "BAD_MODEL", /circle/],
    ["unmade", "BAD_MODEL", /"adds" reads the tensor "nowhere"/],
    ["made-twice", "BAD_MODEL", /"y" is made twice/],
    ["named-twice", "BAD_MODEL", /Two constants.*"w"/],
    ["external-escapes", "UNSAFE_PATH", /outside its own folder/],
    ["external-absolute", "UNSAFE_PATH", /etc.passwd/],
    ["external-missing", "MISSING_FILE", /"conv.weight".*"nowhere.bin"/],
  ])("%s", async (name, code, message) => {
    const error = await decode(name).catch((e) => e);
    expect(error).toMatchObject({ name: "PellucidError", code, message: expect.stringMatching(message) });
  });

  test("external data beyond its file's end", async () => {
    const short = await fileSource(join(folder, "weights/data.bin"));
    const opened = await openInput(path("external"));
    const cut = { ...short, byteLength: 1000 };
    await expect(decodeOnnx(opened.source as Source, { name: "", open: async () => cut })).rejects.toMatchObject({ code: "BAD_MODEL" });
  });
});
