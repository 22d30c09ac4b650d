// An If that hangs on shapes alone: of its branches, the one that is taken becomes part of the graph.

import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/formats/onnx.ts";
import { openInput } from "../../../src/platform/node.ts";
import { createSession } from "../../../src/runtime/session.ts";
import { float32 } from "../../../src/tensor/tensor.ts";

const path = fileURLToPath(new URL("../../reference/onnx-files/branches.onnx", import.meta.url));

test.each([
  [
    [1, 3, 6, 6],
    ["Conv", "ReduceMean", "Add", "Identity", "Relu"],
  ],
  [
    [2, 3, 6, 6],
    ["Conv", "ReduceMean", "Add", "Add", "Relu"],
  ],
  [
    [2, 3, 12, 12],
    ["Conv", "Identity", "Relu"],
  ],
])("a picture of %j", async (shape, ops) => {
  const model = await readOnnx(await openInput(path));
  const { graph, layers } = model.build({ x: shape });
  const data = Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i * 0.7));
  expect(graph.nodes.map((node) => node.op).filter((op) => !["Shape", "Gather", "Less", "Greater"].includes(op))).toEqual(ops);
  expect(layers.map((layer) => layer.name)).toEqual(["conv", "relu"]);
  expect(layers[1]?.inputs).toEqual(["conv"]);

  const original = await InferenceSession.create(path, { logSeverityLevel: 4 });
  const wanted = await original.run({ x: new Tensor("float32", data, shape) });
  const session = await createSession(graph);
  const { y } = await session.run({ x: float32(shape, data) });
  await session.dispose();
  expect(y?.shape).toEqual(wanted.y?.dims);
  const values = Array.from(wanted.y?.data as Float32Array);
  values.forEach((value, i) => {
    expect(y?.data[i]).toBeCloseTo(value, 5);
  });
});
