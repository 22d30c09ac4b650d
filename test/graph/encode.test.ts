// Graphs written by encodeOnnx are read and run by ONNX Runtime.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { encodeOnnx } from "../../src/graph/encode.ts";
import { type Graph, OPSET, type Weight } from "../../src/graph/types.ts";
import { fileSource } from "../../src/platform/node.ts";
import { bytesOf, type DType } from "../../src/tensor/dtype.ts";
import { fromNumbers } from "../../src/tensor/tensor.ts";

function weight(dtype: DType, shape: readonly number[], values: readonly number[]): Weight {
  return { dtype, shape, data: bytesOf(fromNumbers(dtype, shape, values).data) };
}

function graph(parts: Partial<Graph>): Graph {
  return { name: "test", nodes: [], inputs: [], outputs: [], initializers: new Map(), opset: OPSET, domains: {}, ...parts };
}

function node(op: string, inputs: readonly string[], outputs: readonly string[], attrs: Graph["nodes"][number]["attrs"] = {}) {
  return { op, domain: "", name: outputs[0] as string, inputs, outputs, attrs };
}

const x = { name: "x", dtype: "float32", shape: ["batch", 3] } as const;
const feeds = { x: new Tensor("float32", [1, 2, 3, 4, 5, 6], [2, 3]) };

test("attributes of every kind and inputs that are left out", async () => {
  const branch = (value: number) =>
    graph({ nodes: [node("Constant", [], ["c"], { value_float: { kind: "float", value } })], outputs: [{ name: "c", dtype: "float32", shape: [] }] });
  const model = graph({
    inputs: [x],
    outputs: [{ name: "y", dtype: "float32", shape: [null, null] }],
    initializers: new Map([
      ["zero", weight("int64", [1], [0])],
      ["axis", weight("int64", [1], [1])],
      ["six", weight("float32", [], [6])],
      ["yes", weight("bool", [], [1])],
    ]),
    nodes: [
      node("Clip", ["x", "", "six"], ["clipped"]),
      node("Transpose", ["clipped"], ["turned"], { perm: { kind: "ints", value: [1, 0] } }),
      node("Constant", [], ["end"], { value_ints: { kind: "ints", value: [2 ** 63] } }),
      node("Slice", ["turned", "axis", "end", "zero"], ["cut"]),
      node("Constant", [], ["two"], { value: { kind: "tensor", value: weight("float32", [], [2]) } }),
      node("Mul", ["cut", "two"], ["doubled"]),
      node("If", ["yes"], ["ten"], { then_branch: { kind: "graph", value: branch(10) }, else_branch: { kind: "graph", value: branch(20) } }),
      node("Constant", [], ["row"], { value_floats: { kind: "floats", value: [0.5, 1.5] } }),
      node("Sum", ["doubled", "ten", "row"], ["y"]),
    ],
  });
  const session = await InferenceSession.create(encodeOnnx(model));
  const { y } = await session.run(feeds);
  expect(y?.dims).toEqual([2, 2]);
  expect(Array.from(y?.data as Float32Array)).toEqual([14.5, 21.5, 16.5, 23.5]);
});

test("a weight that lies in a file becomes external data", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  try {
    const path = join(folder, "weights.bin");
    await writeFile(path, bytesOf(Float32Array.of(9, 9, 1, 10, 100)));
    const source = await fileSource(path);
    const model = graph({
      inputs: [x],
      outputs: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
      initializers: new Map([["w", { dtype: "float32", shape: [3], data: { source, offset: 8, length: 12 } }]]),
      nodes: [node("Mul", ["x", "w"], ["y"])],
    });
    const file = join(folder, "model.onnx");
    await writeFile(file, encodeOnnx(model, { external: ({ offset }) => ({ location: "weights.bin", offset }) }));
    const session = await InferenceSession.create(file);
    const { y } = await session.run(feeds);
    expect(Array.from(y?.data as Float32Array)).toEqual([1, 20, 300, 4, 50, 600]);
    expect(() => encodeOnnx(model)).toThrow("was not read");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("element types survive", async () => {
  const types: DType[] = ["float32", "float64", "float16", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool"];
  const model = graph({
    outputs: types.map((dtype) => ({ name: `y_${dtype}`, dtype, shape: [2] })),
    initializers: new Map(types.map((dtype) => [dtype, weight(dtype, [2], [1, 0])])),
    nodes: types.map((dtype) => node("Identity", [dtype], [`y_${dtype}`])),
  });
  const session = await InferenceSession.create(encodeOnnx(model));
  const results = await session.run({});
  expect(types.map((dtype) => results[`y_${dtype}`]?.type)).toEqual(types);
  for (const dtype of types) {
    const bits = results[`y_${dtype}`]?.data as Iterable<number | bigint>;
    expect(Array.from(bits, Number)).toEqual([dtype === "float16" ? 0x3c00 : 1, 0]);
  }
});
