// Layer names from what different exporters write.

import { expect, test } from "vitest";
import { graphLayers } from "../../../src/formats/onnx/layers.ts";
import type { Graph, Node, Weight } from "../../../src/graph/types.ts";

/** `Conv node.name: input, kernel -> output`. */
function parseNode(line: string): Node {
  const [, op = "", name = "", inputs = "", outputs = ""] = line.trim().match(/^(\w+)(?: ([^\s].*?))?: (.*) -> (.*)$/) ?? [];
  return { op, domain: "", name, inputs: inputs.split(", "), outputs: outputs.split(", "), attrs: {} };
}

/** A graph with an input `x`; tensors that no node makes are weights. */
function graphOf(text: string): Graph {
  const nodes = text.trim().split("\n").map(parseNode);
  const made = new Set(["x", ...nodes.flatMap((node) => node.outputs)]);
  const weight: Weight = { dtype: "float32", shape: [2, 3], data: new Uint8Array(24) };
  const weights = nodes.flatMap((node) => node.inputs.filter((name) => name !== "" && !made.has(name)));
  const last = nodes.at(-1)?.outputs[0] as string;
  return {
    name: "",
    nodes,
    inputs: [{ name: "x", dtype: "float32", shape: [1, 3, 8, 8] }],
    outputs: [{ name: last, dtype: "float32", shape: [] }],
    initializers: new Map(weights.map((name) => [name, weight])),
    opset: 13,
    domains: {},
  };
}

function namesOf(text: string): string[] {
  return graphLayers(graphOf(text), new Map()).map((layer) => layer.name);
}

test("tf2onnx: Keras's layers, their activations behind them", () => {
  const names = namesOf(`
    Transpose StatefulPartitionedCall/vgg16/block1_conv1/Conv2D__6: x -> t
    Conv StatefulPartitionedCall/vgg16/block1_conv1/Conv2D: t, const_fold_opt__99, StatefulPartitionedCall/vgg16/block1_conv1/BiasAdd/ReadVariableOp:0 -> c
    Relu StatefulPartitionedCall/vgg16/block1_conv1/Relu: c -> r
    MaxPool StatefulPartitionedCall/vgg16/block1_pool/MaxPool: r -> p
    BatchNormalization StatefulPartitionedCall/vgg16/bn/FusedBatchNormV3: p, g, b, m, v -> n
    Reshape StatefulPartitionedCall/vgg16/flatten/Reshape: n, s -> f
    MatMul StatefulPartitionedCall/vgg16/fc1/MatMul: f, StatefulPartitionedCall/vgg16/fc1/MatMul/ReadVariableOp:0 -> d
    Add StatefulPartitionedCall/vgg16/fc1/BiasAdd: d, StatefulPartitionedCall/vgg16/fc1/BiasAdd/ReadVariableOp:0 -> e
    Relu StatefulPartitionedCall/vgg16/fc1/Relu: e -> q
    Softmax StatefulPartitionedCall/vgg16/predictions/Softmax: q -> y`);
  expect(names).toEqual(["block1_conv1", "block1_conv1/Relu", "block1_pool", "bn", "fc1", "fc1/Relu", "predictions"]);
});

test("Keras 3: the model's own folder falls off", () => {
  const names = namesOf(`
    Conv functional_1/stem_1/convolution: x, k -> c
    Relu functional_1/stem_1/Relu: c -> r
    GlobalAveragePool functional_1/pool_1/Mean: r -> y`);
  expect(names).toEqual(["stem_1", "stem_1/Relu", "pool_1"]);
});

test("PyTorch before scopes: weights name the layers, nodes the rest", () => {
  const names = namesOf(`
    Conv Conv_0: x, features.0.weight, features.0.bias -> 10
    Relu Relu_1: 10 -> 11
    MaxPool MaxPool_2: 11 -> 12
    Conv Conv_3: 12, features.3.weight -> 13
    Gemm Gemm_4: 13, classifier.weight, classifier.bias -> 14`);
  expect(names).toEqual(["features.0", "Relu_1", "MaxPool_2", "features.3", "classifier"]);
});

test("nothing but numbers: operators are counted", () => {
  const names = namesOf(`
    Conv: x, 1 -> 10
    Relu: 10 -> 11
    Conv: 11, 2 -> 12
    Relu: 12 -> 13`);
  expect(names).toEqual(["conv_1", "relu_1", "conv_2", "relu_2"]);
});

test("Caffe2: tensors name what has no name", () => {
  const names = namesOf(`
    Conv: x, conv1_w_0, conv1_b_0 -> conv1_1
    Relu: conv1_1 -> conv1_2
    MaxPool: conv1_2 -> pool1_1
    Conv: pool1_1, fire2/squeeze1x1_w_0, fire2/squeeze1x1_b_0 -> fire2/squeeze1x1_1
    Relu: fire2/squeeze1x1_1 -> fire2/squeeze1x1_2`);
  expect(names).toEqual(["conv1", "conv1_2", "pool1_1", "fire2/squeeze1x1", "fire2/squeeze1x1_2"]);
});

test("MXNet: the ending of forward nodes falls off", () => {
  const names = namesOf(`
    Conv vgg0_conv0_fwd: x, vgg0_conv0_weight, vgg0_conv0_bias -> vgg0_conv0_fwd
    Relu vgg0_relu0_fwd: vgg0_conv0_fwd -> vgg0_relu0_fwd`);
  expect(names).toEqual(["vgg0_conv0", "vgg0_relu0"]);
});

test("weights behind a Transpose or DequantizeLinear still name their layer", () => {
  const names = namesOf(`
    DequantizeLinear: stem.weight, scale, zero -> dequantized
    Conv: x, dequantized -> c
    Transpose: head.weight -> turned
    MatMul: c, turned -> y`);
  expect(names).toEqual(["stem", "head"]);
});

test("a layer that is called twice gets a number", () => {
  const names = namesOf(`
    Conv Conv_0: x, shared.weight -> a
    Conv Conv_1: a, shared.weight -> b`);
  expect(names).toEqual(["shared", "shared_1"]);
});

test("shapes, casts, masks and what depends on no input are no layers", () => {
  const layers = graphLayers(
    graphOf(`
    Shape: x -> shape
    Gather: shape, index -> batch
    Mul: batch, two -> twice
    Unsqueeze: twice, axes -> target
    Neg: w -> negative
    Conv: x, negative -> c
    Reshape: c, target -> r
    Identity: r -> i
    Add: i, i -> y`),
    new Map(),
  );
  expect(layers.map((layer) => layer.kind)).toEqual(["Conv", "Add"]);
  expect(layers[1]?.inputs).toEqual(["c"]);
  expect(layers[0]).toMatchObject({ name: "c", parameters: 6 });
});

test("activations written out are one layer; a gate between two branches is not", () => {
  const layers = graphLayers(
    graphOf(`
    Conv a: x, w -> c
    Sigmoid b: c -> s
    Mul silu: c, s -> m
    GlobalAveragePool pool: m -> p
    Conv fc: p, w2 -> f
    Sigmoid gate: f -> g
    Mul scale: m, g -> y`),
    new Map(),
  );
  expect(layers.map((layer) => `${layer.name} ${layer.kind}`)).toEqual([
    "a Conv",
    "silu Swish",
    "pool GlobalAveragePool",
    "fc Conv",
    "gate Sigmoid",
    "scale Mul",
  ]);
  expect(layers.at(-1)?.inputs).toEqual(["silu", "gate"]);
});
