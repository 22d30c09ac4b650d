// Models of many opsets, brought to ours, compute what ONNX Runtime computes with the original files.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { decodeOnnx } from "../../src/graph/decode.ts";
import { encodeOnnx } from "../../src/graph/encode.ts";
import { type Graph, OPSET } from "../../src/graph/types.ts";
import { upgrade } from "../../src/graph/upgrade.ts";
import { emptyFolder } from "../../src/platform/folders.ts";
import { bytesSource } from "../../src/source.ts";

const folder = join(import.meta.dirname, "../reference/onnx-opsets");
const x = Float32Array.from({ length: 48 }, (_, i) => Math.sin(i * 1.7) * 1.3);

async function run(bytes: Uint8Array): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
  return session.run({ x: new Tensor("float32", x, [1, 4, 3, 4]) });
}

async function decode(bytes: Uint8Array): Promise<Graph> {
  return (await decodeOnnx(bytesSource(bytes), emptyFolder)).graph;
}

describe.each(readdirSync(folder).filter((name) => name.endsWith(".onnx")))("%s", (name) => {
  const original = readFileSync(join(folder, name));
  // The rank of a softmax's input decides its form: known, or not.
  const knowledge = { "nothing known": () => undefined, "ranks known": () => ({ dtype: "float32", shape: [1, 4, 3, 4] }) as const };
  test.each(Object.entries(knowledge))("%s", async (_, known) => {
    const graph = upgrade(await decode(original), (tensor) => (tensor.startsWith("Identity") ? known() : undefined));
    expect(graph.opset).toBe(OPSET);
    const [wanted, got] = [await run(original), await run(encodeOnnx(graph))];
    expect(Object.keys(wanted).length).toBeGreaterThan(60);
    for (const [output, { dims, data }] of Object.entries(wanted)) {
      expect([output, got[output]?.dims]).toEqual([output, dims]);
      const values = got[output]?.data as Float32Array;
      const worst = (data as Float32Array).reduce((max, v, i) => Math.max(max, Math.abs(v - (values[i] as number)) / (1 + Math.abs(v))), 0);
      expect([output, worst < 1e-5]).toEqual([output, true]);
    }
  });
});

function graphOf(opset: number, node: Partial<Graph["nodes"][number]>): Graph {
  const whole = { op: "Relu", domain: "", name: "n", inputs: ["x"], outputs: ["y"], attrs: {}, ...node };
  const info = { dtype: "float32", shape: [1, 2] } as const;
  return { name: "g", nodes: [whole], inputs: [{ name: "x", ...info }], outputs: [{ name: "y", ...info }], initializers: new Map(), opset, domains: {} };
}

test.each([1, 6, 29, 1000])("opset %i is refused", (opset) => {
  expect(() => upgrade(graphOf(opset, {}))).toThrow(expect.objectContaining({ code: "UNSUPPORTED_OPERATOR", details: expect.objectContaining({ opset }) }));
});

test("an attribute of a newer opset without equal is refused", () => {
  const node = { op: "SpaceToDepth", attrs: { mode: { kind: "string", value: "CRD" } } } as const;
  expect(() => upgrade(graphOf(28, node))).toThrow(/mode CRD/);
});

test("operators of other domains with a standard name are left alone", () => {
  const node = { op: "Clip", domain: "my.domain", attrs: { min: { kind: "float", value: 0 } } } as const;
  expect(upgrade(graphOf(9, node)).nodes).toEqual(graphOf(9, node).nodes);
});
