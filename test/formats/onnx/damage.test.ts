// Damaged and hostile files: whatever the bytes, the answer is a model or a PellucidError.

import fc from "fast-check";
import { expect, test } from "vitest";
import { isPellucidError } from "../../../src/errors.ts";
import { readModel } from "../../../src/formats/read-model.ts";
import { emptyFolder } from "../../../src/platform/folders.ts";
import { bytesSource } from "../../../src/source.ts";
import { referenceBytes } from "../../reference-files.ts";

const RUNS = 150;
const files = ["onnx-exports/torchscript.onnx", "onnx-exports/dynamo.onnx", "onnx-files/functions.onnx", "onnx-opsets/opset-9.onnx"].map(referenceBytes);

/** Reads and builds; gives "model" or the code of the PellucidError, which has a hint. Anything else that is thrown goes through. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const model = await readModel({ name: "fuzzed.onnx", source: bytesSource(bytes), folder: emptyFolder });
    model.build(Object.fromEntries(model.inputs.map((input) => [input.name, input.shape.map((d, i) => (i > 0 && typeof d === "number" ? d : 1))])));
    return "model";
  } catch (error) {
    if (!isPellucidError(error)) throw error;
    expect(error.hint, `the hint to: ${error.message}`).toBeTruthy();
    return error.code;
  }
}

const file = fc.constantFrom(...files);

test("changed bytes", async () => {
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 12,
  });
  const property = fc.asyncProperty(file, changes, async (original, edits) => {
    const bytes = original.slice();
    for (const [place, value] of edits) bytes[Math.floor(place * bytes.length)] = value;
    await outcome(bytes);
  });
  await fc.assert(property, { numRuns: RUNS });
});

test("bytes cut off, left out, put in twice", async () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const property = fc.asyncProperty(file, share, share, fc.constantFrom("cut", "drop", "repeat"), async (original, a, b, how) => {
    const [start, end] = [Math.min(a, b), Math.max(a, b)].map((x) => Math.floor(x * original.length)) as [number, number];
    const parts = {
      cut: [original.subarray(0, start)],
      drop: [original.subarray(0, start), original.subarray(end)],
      repeat: [original.subarray(0, end), original.subarray(start)],
    };
    await outcome(Uint8Array.from(parts[how].flatMap((part) => [...part])));
  });
  await fc.assert(property, { numRuns: RUNS });
});

test("random bytes under a model's name", async () => {
  const property = fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
    expect(await outcome(bytes)).not.toBe("model");
  });
  await fc.assert(property, { numRuns: RUNS });
});

/** A field of a protobuf message: its tag, its length, its content. */
function field(number: number, content: readonly number[]): number[] {
  return [...varint((number << 3) | 2), ...varint(content.length), ...content];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

const text = (value: string) => [...new TextEncoder().encode(value)];
const opset = field(8, [0x10, 18]);
const modelOf = (graph: readonly number[]) => Uint8Array.from([8, 8, ...field(7, graph), ...opset]);
const input = field(11, [...field(1, text("x")), ...field(2, field(1, [8, 1, ...field(2, field(1, [8, 2]))]))]);
const output = field(12, field(1, text("y")));
const node = (...content: number[][]) => field(1, content.flat());
const relu = node(field(1, text("x")), field(2, text("y")), field(4, text("Relu")));

test("the smallest model is one", async () => {
  expect(await outcome(modelOf([...relu, ...input, ...output]))).toBe("model");
});

test.each<[string, string, number[]]>([
  ["a weight of more elements than the file has bytes", "BAD_MODEL", field(5, [8, ...varint(2 ** 45), 0x10, 1, ...field(8, text("w"))])],
  ["more varints declared than there are", "BAD_MODEL", field(5, [8, ...varint(2 ** 40), 0x10, 7, ...field(7, [1, 2]), ...field(8, text("w"))])],
  ["a varint that goes on behind the end", "BAD_MODEL", field(5, [8, 2, 0x10, 7, ...field(7, [1, 0x80]), ...field(8, text("w"))])],
  ["a size below zero", "BAD_MODEL", field(5, [8, ...Array(9).fill(255), 1, 0x10, 1, ...field(8, text("w"))])],
  ["raw data of the wrong length", "BAD_MODEL", field(5, [8, 3, 0x10, 1, ...field(9, [0, 0, 0]), ...field(8, text("w"))])],
  ["a field longer than its message", "BAD_MODEL", [0x2a, ...varint(1e9)]],
  ["an operator that is not known", "UNSUPPORTED_OPERATOR", node(field(1, text("x")), field(2, text("z")), field(4, text("Magic")), field(3, text("n")))],
  [
    "an operator of scikit-learn's domain",
    "UNSUPPORTED_OPERATOR",
    node(field(1, text("x")), field(2, text("z")), field(4, text("Scaler")), field(7, text("ai.onnx.ml"))),
  ],
])("%s", async (_, code, extra) => {
  const used = code === "UNSUPPORTED_OPERATOR" ? field(12, field(1, text("z"))) : [];
  expect(await outcome(modelOf([...relu, ...input, ...output, ...extra, ...used]))).toBe(code);
});

test("subgraphs nested without end", async () => {
  let graph: number[] = relu;
  for (let depth = 0; depth < 60; depth++) {
    const attribute = field(5, [...field(1, text("body")), ...field(6, graph), 0xa0, 1, 5]);
    graph = node(field(1, text("x")), field(2, text(`y${depth}`)), field(4, text("Loop")), attribute);
  }
  expect(await outcome(modelOf([...graph, ...input, ...output]))).toBe("BAD_MODEL");
});

/** A model that calls the last of these functions; each is the operators that it calls, one behind the other. */
function modelOfFunctions(bodies: readonly (readonly string[])[]): Uint8Array {
  const call = (op: string, from: string, to: string) => [
    ...field(1, text(from)),
    ...field(2, text(to)),
    ...field(4, text(op)),
    ...(op === "Relu" ? [] : field(7, text("own"))),
  ];
  const functions = bodies.flatMap((body, i) =>
    field(25, [
      ...field(1, text(`F${i}`)),
      ...field(4, text("t0")),
      ...field(5, text(`t${body.length}`)),
      ...body.flatMap((op, k) => field(7, call(op, `t${k}`, `t${k + 1}`))),
      ...field(10, text("own")),
    ]),
  );
  const last = node(call(`F${bodies.length - 1}`, "x", "y"));
  return Uint8Array.from([...modelOf([...last, ...input, ...output]), ...functions]);
}

const doubling = (depth: number) => Array.from({ length: depth }, (_, i) => (i === 0 ? ["Relu"] : [`F${i - 1}`, `F${i - 1}`]));

test.each<[string, string, readonly (readonly string[])[]]>([
  ["that call one another", "model", doubling(8)],
  ["that would come to 2⁴⁰ nodes", "UNSUPPORTED_OPERATOR", doubling(41)],
  ["in a chain of a hundred", "UNSUPPORTED_OPERATOR", Array.from({ length: 100 }, (_, i) => [i === 0 ? "Relu" : `F${i - 1}`])],
  ["that call themselves", "BAD_MODEL", [["F0"]]],
  ["that call each other in a circle", "BAD_MODEL", [["F1"], ["F2"], ["F0", "F1"]]],
])("functions %s", async (_, wanted, bodies) => {
  expect(await outcome(modelOfFunctions(bodies))).toBe(wanted);
});

test("twenty thousand constants in a row", async () => {
  const nodes = Array.from({ length: 20_000 }, (_, i) => node(field(1, text(`c${i}`)), field(2, text(`c${i + 1}`)), field(4, text("Neg"))));
  const start = field(5, [0x10, 1, ...field(9, [0, 0, 0, 0]), ...field(8, text("c0"))]);
  const last = node(field(1, text("x")), field(1, text("c20000")), field(2, text("y")), field(4, text("Add")));
  expect(await outcome(modelOf([...nodes.flat(), ...last, ...start, ...input, ...output]))).toBe("model");
});
