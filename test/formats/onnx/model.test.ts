// What readOnnx says of a model beside its layers, and how it builds one.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowOf } from "../../../src/formats/onnx/flow.ts";
import { modelInput } from "../../../src/formats/onnx/inputs.ts";
import { labelsOf } from "../../../src/formats/onnx/labels.ts";
import { guessPreprocessing } from "../../../src/formats/onnx/preprocessing.ts";
import { readOnnx } from "../../../src/formats/onnx.ts";
import type { Attribute, Dim, Graph, Weight } from "../../../src/graph/types.ts";
import { openInput } from "../../../src/platform/node.ts";
import { bytesOf } from "../../../src/tensor/dtype.ts";

async function read(path: string) {
  return readOnnx(await openInput(join(import.meta.dirname, "../../reference", path)));
}

test("what the file says of itself", async () => {
  const model = await read("onnx-files/metadata.onnx");
  expect(model).toMatchObject({
    format: "onnx",
    producer: "files 1.0",
    name: "metadata",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3, "height", "width"], layout: "NCHW" }],
    outputs: ["y"],
    labels: ["tabby cat", "dog's tail", "bird", "fish", "frog"],
    preprocessing: { preset: "raw" },
  });
  expect(model.preprocessing?.reason).toContain('Sub "sub"');
});

test("weights that are inputs with a default are no inputs", async () => {
  expect((await read("onnx-opsets/opset-8.onnx")).inputs.map((input) => input.name)).toEqual(["x"]);
});

test("half precision is taken and given as float32", async () => {
  const model = await read("onnx-files/float16.onnx");
  expect(model.inputs[0]?.dtype).toBe("float32");
  expect(model.build({ x: [1, 3, 6, 6] }).graph.outputs.map((output) => output.dtype)).toEqual(["float32", "float32"]);
});

describe("build", () => {
  test("at any batch and picture size", async () => {
    const { graph } = (await read("onnx-files/metadata.onnx")).build({ x: [4, 3, 9, 7] });
    expect(graph.inputs[0]?.shape).toEqual([4, 3, 9, 7]);
    expect(graph.outputs[0]?.shape).toEqual([4, 5]);
  });

  test("only up to a layer", async () => {
    const model = await read("onnx-exports/torchscript-folded.onnx");
    const { graph, layers } = model.build({ input: [2, 3, 20, 20] }, "features.1");
    expect(graph.outputs).toEqual([{ name: layers[1]?.output, dtype: "float32", shape: [2, 4, 10, 10] }]);
    expect(layers.map((layer) => layer.name)).toEqual(["features.0", "features.1"]);
  });

  test("up to a tensor by its own name", async () => {
    const { graph } = (await read("onnx-files/metadata.onnx")).build({ x: [1, 3, 6, 6] }, "centred");
    expect(graph.outputs).toEqual([{ name: "centred", dtype: "float32", shape: [1, 3, 6, 6] }]);
    expect(graph.nodes).toHaveLength(1);
  });

  test("not with another number of channels", async () => {
    const model = await read("onnx-exports/dynamo.onnx");
    expect(() => model.build({ input: [1, 4, 12, 12] })).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("not up to what is not there", async () => {
    const model = await read("onnx-exports/dynamo.onnx");
    expect(() => model.build({ input: [1, 3, 12, 12] }, "nowhere")).toThrow(expect.objectContaining({ code: "UNKNOWN_LAYER" }));
  });

  test("the old softmax keeps its form where it acts along the last axis", async () => {
    const { graph } = (await read("onnx-opsets/opset-12.onnx")).build({ x: [1, 4, 3, 4] }, "Softmax_5_0");
    expect(graph.nodes.map((node) => node.op)).toEqual(["Identity", "Softmax"]);
  });
});

const f32 = (...values: number[]): Weight => ({ dtype: "float32", shape: [values.length, 1, 1], data: bytesOf(Float32Array.from(values)) });

function graphOf(
  shape: readonly Dim[],
  nodes: [op: string, inputs: string[], attrs?: Record<string, Attribute>][],
  weights: Record<string, Weight> = {},
): Graph {
  return {
    name: "",
    nodes: nodes.map(([op, inputs, attrs = {}], i) => ({
      op,
      domain: "",
      name: `n${i}`,
      inputs: [i === 0 ? "x" : `t${i - 1}`, ...inputs],
      outputs: [`t${i}`],
      attrs,
    })),
    inputs: [{ name: "x", dtype: "float32", shape }],
    outputs: [{ name: `t${nodes.length - 1}`, dtype: "float32", shape: [] }],
    initializers: new Map(Object.entries(weights)),
    opset: 21,
    domains: {},
  };
}

describe("layout", () => {
  const perm = (...value: number[]): Record<string, Attribute> => ({ perm: { kind: "ints", value } });
  test.each<[string, readonly Dim[], Parameters<typeof graphOf>[1], string | undefined]>([
    ["a convolution reads it", [null, null, null, null], [["Conv", ["w"]]], "NCHW"],
    [
      "a convolution reads it after a scaling",
      [1, 224, 224, 3],
      [
        ["Mul", ["w"]],
        ["Conv", ["w"]],
      ],
      "NCHW",
    ],
    [
      "it is turned first",
      [null, null, null, null],
      [
        ["Transpose", [], perm(0, 3, 1, 2)],
        ["Conv", ["w"]],
      ],
      "NHWC",
    ],
    ["three at the end", ["N", 224, 224, 3], [["Relu", []]], "NHWC"],
    ["three in front", ["N", 3, 224, 224], [["Relu", []]], "NCHW"],
    ["no picture", ["N", 3], [["Relu", []]], undefined],
  ])("%s", (_, shape, nodes, layout) => {
    const graph = graphOf(shape, nodes, { w: f32(1) });
    expect(modelInput(graph.inputs[0] as Graph["inputs"][number], flowOf(graph)).layout).toBe(layout);
  });
});

describe("preprocessing", () => {
  const torchMean = f32(0.485, 0.456, 0.406);
  const torchStd = f32(0.229, 0.224, 0.225);
  const conv: [string, string[]] = ["Conv", ["w"]];
  test.each<[string, [string, string[]][], Record<string, Weight>, string | undefined]>([
    ["x / 255", [["Div", ["a"]], conv], { a: f32(255) }, "raw"],
    ["x / 127.5 − 1", [["Mul", ["a"]], ["Sub", ["b"]], conv], { a: f32(1 / 127.5), b: f32(1) }, "raw"],
    ["(x / 255 − mean) / std", [["Div", ["a"]], ["Sub", ["m"]], ["Div", ["s"]], conv], { a: f32(255), m: torchMean, s: torchStd }, "raw"],
    ["(x − mean) / std", [["Sub", ["m"]], ["Div", ["s"]], conv], { m: torchMean, s: torchStd }, "unit"],
    ["2x − 1", [["Mul", ["a"]], ["Add", ["b"]], conv], { a: f32(2), b: f32(-1) }, "unit"],
    ["x − ImageNet's mean in red, green, blue", [["Sub", ["m"]], conv], { m: f32(123.7, 116.8, 103.9) }, "raw"],
    ["x − ImageNet's mean in blue, green, red: no preset is that", [["Sub", ["m"]], conv], { m: f32(103.9, 116.8, 123.7) }, undefined],
    ["nothing before the convolution", [conv], {}, undefined],
    ["x + 0.1, which says nothing", [["Add", ["a"]], conv], { a: f32(0.1) }, undefined],
  ])("%s", (_, nodes, weights, preset) => {
    const graph = graphOf([1, 3, 8, 8], nodes, { w: f32(1), ...weights });
    const flow = flowOf(graph);
    expect(guessPreprocessing(modelInput(graph.inputs[0] as Graph["inputs"][number], flow), flow)?.preset).toBe(preset);
  });
});

test.each<[string, string, string[] | undefined]>([
  ["names", "{0: 'tench', 1: \"it's\", 2: 'a, b'}", ["tench", "it's", "a, b"]],
  ["id2label", '{"1": "dog", "0": "cat"}', ["cat", "dog"]],
  ["labels", '["cat", "say \\"dog\\""]', ["cat", 'say "dog"']],
  ["classes", "cat, dog", ["cat", "dog"]],
  ["class_names", "cat\ndog\r\nbird\n", ["cat", "dog", "bird"]],
  ["names", "{0: 'cat', 2: 'dog'}", undefined],
  ["description", "a, b", undefined],
])("labels in %s: %s", (key, text, labels) => {
  expect(labelsOf(new Map([[key, text]]))).toEqual(labels);
});
