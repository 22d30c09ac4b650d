// What users see of a graph model: its layers, its inputs and outputs; and what is refused.

import { expect, test } from "vitest";
import { readTfjs } from "../../../src/formats/tfjs/read-tfjs.ts";
import { createSession } from "../../../src/runtime/session.ts";
import { float32 } from "../../../src/tensor/tensor.ts";
import { memoryModel } from "./memory-model.ts";

type Node = { name: string; op: string; input?: string[]; attr?: Record<string, unknown> };

const placeholder: Node = {
  name: "image",
  op: "Placeholder",
  attr: { dtype: { type: "DT_FLOAT" }, shape: { shape: { dim: [{ size: "-1" }, { size: "4" }, { size: "4" }, { size: "2" }] } } },
};
const weights = [
  { name: "kernel", shape: [1, 1, 2, 3], dtype: "float32" },
  { name: "bias", shape: [3], dtype: "float32" },
  { name: "axes", shape: [2], dtype: "int32" },
];
const constants: Node[] = weights.map(({ name }) => ({ name, op: "Const" }));
const data = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6, 10, 20, 30]).buffer);
const bytes = Uint8Array.from([...data, ...new Uint8Array(new Int32Array([1, 2]).buffer)]);

const strides = { strides: { list: { i: ["1", "1", "1", "1"] } }, padding: { s: btoa("SAME") } };
const block = "StatefulPartitionedCall/net/conv/Relu";
const network: Node[] = [
  placeholder,
  ...constants,
  {
    name: block,
    op: "_FusedConv2D",
    input: ["image", "kernel", "bias"],
    attr: { ...strides, num_args: { i: "1" }, fused_ops: { list: { s: [btoa("BiasAdd"), btoa("Relu")] } } },
  },
  { name: "pool", op: "Mean", input: [block, "axes"] },
  { name: "Identity", op: "Identity", input: ["pool", "^noise"] },
  { name: "noise", op: "NoOp" },
];

/** Integers by name. */
type Numbers = { name: string; values: number[]; shape?: number[] };

function open(nodes: readonly Node[], numbers: readonly Numbers[] = []) {
  const more = numbers.map(({ name, values, shape = [values.length] }) => ({ name, shape, dtype: "int32" }));
  const manifest = [
    { paths: ["w"], weights },
    { paths: ["n"], weights: more },
  ];
  const model = { modelTopology: { node: nodes }, weightsManifest: manifest, format: "graph-model" };
  return readTfjs(memoryModel(model, { w: bytes, n: new Uint8Array(Int32Array.from(numbers.flatMap(({ values }) => values)).buffer) }));
}

test("nodes that compute are layers, under the names that their makers gave them", async () => {
  const model = await open(network);
  expect(model.inputs).toEqual([{ name: "image", dtype: "float32", shape: [null, 4, 4, 2], layout: "NHWC" }]);
  expect(model.outputs).toEqual(["Identity"]);
  expect(model.build({ image: [1, 4, 4, 2] }).layers).toEqual([
    { name: "net/conv/Relu", kind: "Conv2D", output: "net/conv/Relu", inputs: [], parameters: 9, channelAxis: 1, ownOrder: [0, 2, 3, 1] },
    { name: "pool", kind: "Mean", output: "Identity", inputs: ["net/conv/Relu"], parameters: 0, channelAxis: 1 },
  ]);
});

test("a graph can be cut at a layer, and at a tensor within one", async () => {
  const model = await open(network);
  for (const [until, wanted] of [
    ["net/conv/Relu", 19],
    ["net/conv/Relu/Conv", 9],
  ] as const) {
    const { graph } = model.build({ image: [1, 1, 1, 2] }, until);
    const session = await createSession(graph);
    const results = await session.run({ image: float32([1, 1, 1, 2], [1, 2]) });
    expect(Object.keys(results)).toEqual([until]);
    expect(results[until]?.data[0]).toBe(wanted);
    await session.dispose();
  }
  expect(() => model.build({ image: [1, 4, 4, 2] }, "nowhere")).toThrow(expect.objectContaining({ code: "UNKNOWN_LAYER" }));
});

/** At 1: x · min(max(x + 3, 0), 6) / 6, x · Φ(x), and that by its formula with tanh. */
test.each([
  ["Relu", 1],
  ["_FusedHardSwish", 4 / 6],
  ["GeluExact", 0.8413447461],
  ["GeluApproximate", 0.8411919906],
])("%s fused with a convolution", async (activation, wanted) => {
  const fused_ops = { list: { s: [btoa("BiasAdd"), btoa(activation)] } };
  const model = await open(network.map((node) => (node.name === block ? { ...node, attr: { ...node.attr, fused_ops } } : node)));
  const session = await createSession(model.build({ image: [1, 1, 1, 2] }, "net/conv/Relu").graph);
  const results = await session.run({ image: float32([1, 1, 1, 2], [-9, 0]) });
  expect(results["net/conv/Relu"]?.data[0]).toBeCloseTo(wanted, 6);
  await session.dispose();
});

test("pictures of bytes come in as they are", async () => {
  const model = await open([
    { ...placeholder, attr: { ...placeholder.attr, dtype: { type: "DT_UINT8" } } },
    { name: "scaled", op: "Cast", input: ["image"], attr: { DstT: { type: "DT_FLOAT" } } },
  ]);
  const session = await createSession(model.build({ image: [1, 1, 1, 2] }).graph);
  const results = await session.run({ image: { dtype: "uint8", shape: [1, 1, 1, 2], data: Uint8Array.of(3, 255) } });
  expect(results.scaled?.data).toEqual(Float32Array.of(3, 255));
  await session.dispose();
});

const numbers: readonly Numbers[] = [
  { name: "one", values: [1], shape: [] },
  { name: "zero", values: [0], shape: [] },
  { name: "large", values: [7], shape: [] },
  { name: "negative", values: [-1, 2] },
  { name: "huge", values: [2 ** 31 - 1, 2 ** 31 - 1] },
  { name: "wide", values: [1, 2, 3], shape: [1, 1, 3, 1] },
];

const conv = network.find(({ name }) => name === block) as Node;

test.each<[string, Node[], string, RegExp]>([
  ["control flow", [placeholder, { name: "loop", op: "StatelessWhile", input: ["image"] }], "UNSUPPORTED_OPERATOR", /StatelessWhile.*control flow/],
  [
    "a loop",
    [
      placeholder,
      { name: "enter", op: "Enter", input: ["image"] },
      { name: "merge", op: "Merge", input: ["enter", "next"] },
      { name: "body", op: "Relu", input: ["merge"] },
      { name: "next", op: "NextIteration", input: ["body"] },
      { name: "exit", op: "Exit", input: ["merge"] },
    ],
    "UNSUPPORTED_OPERATOR",
    /control flow/,
  ],
  ["an unknown operator", [placeholder, { name: "x", op: "Quicksort", input: ["image"] }], "UNSUPPORTED_OPERATOR", /Quicksort of node "x" is not known/],
  ...(
    [
      ["NonMaxSuppressionV3", /as many boxes as the data decides/],
      ["RandomStandardNormal", /random numbers, other ones at every run/],
      ["Multinomial", /random/],
      ["LookupTableFindV2", /looks words or numbers up/],
      ["StringSplit", /text/],
      ["SparseSegmentSum", /sparse/],
      ["RaggedGather", /different lengths/],
      ["SimpleMLInferenceOpWithHandle", /decision trees/],
      ["TensorListGetItem", /control flow/],
      ["TensorArrayV3", /control flow/],
      ["StatelessIf", /control flow/],
    ] as const
  ).map(([op, message]): [string, Node[], string, RegExp] => [op, [placeholder, { name: "x", op, input: ["image"] }], "UNSUPPORTED_OPERATOR", message]),
  ["an input that is not there", [placeholder, { name: "x", op: "Relu", input: ["picture"] }], "BAD_MODEL", /"picture", which is not in the graph/],
  [
    "a circle",
    [placeholder, { name: "a", op: "AddV2", input: ["image", "b"] }, { name: "b", op: "Relu", input: ["a"] }, { name: "c", op: "Relu", input: ["b"] }],
    "BAD_MODEL",
    /its own output/,
  ],
  ["two nodes of one name", [placeholder, placeholder], "BAD_MODEL", /Two nodes/],
  [
    "a constant without weights",
    [
      { name: "lost", op: "Const" },
      { name: "x", op: "Relu", input: ["lost"] },
    ],
    "BAD_MODEL",
    /"lost".*not among the weights/,
  ],
  ["nothing to compute", [placeholder], "BAD_MODEL", /computes nothing/],
])("%s is refused on opening", async (_, nodes, code, message) => {
  await expect(open(nodes)).rejects.toMatchObject({ code, message });
});

test.each<[string, Node, string, RegExp]>([
  ["too few inputs", { ...conv, input: ["image"] }, "BAD_MODEL", /no input 1/],
  ["an unknown fusion", { ...conv, attr: { ...conv.attr, fused_ops: { list: { s: [btoa("Dance")] } } } }, "UNSUPPORTED_OPERATOR", /fused with Dance/],
  ["an unknown padding", { ...conv, attr: { ...conv.attr, padding: { s: btoa("CIRCULAR") } } }, "UNSUPPORTED_OPERATOR", /CIRCULAR/],
  ["a shape out of the data", { name: "x", op: "Reshape", input: ["image", "image"] }, "UNSUPPORTED_OPERATOR", /constant/],
  ["kernels for other channels", { ...conv, input: ["pooled", "wide"], attr: strides }, "BAD_MODEL", /2 channels with kernels for 3/],
  ["a negative size", { name: "x", op: "Fill", input: ["negative", "one"] }, "BAD_MODEL", /shape \[-1, 2\]/],
  ["a size that no tensor has", { name: "x", op: "Fill", input: ["huge", "one"] }, "BAD_MODEL", /shape \[2147483647, 2147483647\]/],
  ["an endless count", { name: "x", op: "Range", input: ["one", "large", "zero"] }, "BAD_MODEL", /counts from 1 to 7 in steps of 0/],
  ["a depth of too many", { name: "x", op: "OneHot", input: ["negative", "huge", "one", "one"] }, "BAD_MODEL", /a depth of 2147483647/],
  ["places that the data decides", { name: "x", op: "Where", input: ["image"] }, "UNSUPPORTED_OPERATOR", /as many elements as the data decides/],
  [
    "boxes that are not filled up",
    { name: "x", op: "NonMaxSuppressionV5", input: ["image", "image", "one", "one", "one", "one"] },
    "UNSUPPORTED_OPERATOR",
    /as many boxes as the data decides/,
  ],
  ["an axis that is not there", { name: "x", op: "Softmax", input: ["pooled:3"] }, "BAD_MODEL", /fewer/],
])("%s is refused on building", async (_, node, code, message) => {
  const pooled = { name: "pooled", op: "Relu", input: ["image"] };
  const model = await open([placeholder, ...constants, ...numbers.map(({ name }): Node => ({ name, op: "Const" })), pooled, node], numbers);
  expect(() => model.build({ image: [1, 4, 4, 2] })).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test("complex numbers are neither layers nor outputs, and not every operator takes them", async () => {
  const complex: Node = { name: "complex", op: "Complex", input: ["image", "image"] };
  const build = async (...nodes: Node[]) => (await open([placeholder, complex, ...nodes])).build({ image: [1, 4, 4, 2] });
  const { layers } = await build({ name: "size", op: "ComplexAbs", input: ["complex"] });
  expect(layers.map(({ name }) => name)).toEqual(["size"]);
  await expect(build()).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATOR", message: expect.stringMatching(/output "complex" is of complex numbers/) });
  await expect(build({ name: "x", op: "Softmax", input: ["complex"] })).rejects.toMatchObject({
    code: "UNSUPPORTED_OPERATOR",
    message: expect.stringMatching(/"x" \(Softmax\) computes with complex/),
  });
});

test("a long chain whose every node reads the one before twice opens at once", async () => {
  const chain = Array.from({ length: 3000 }, (_, i): Node => {
    const before = i === 0 ? "axes" : `n${i - 1}`;
    return { name: `n${i}`, op: "Maximum", input: [before, before] };
  });
  const model = await open([placeholder, ...constants, ...chain, { name: "mean", op: "Mean", input: ["image", "n2999"] }]);
  expect(model.build({ image: [1, 4, 4, 2] }).layers.map(({ name }) => name)).toEqual(["mean"]);
});
