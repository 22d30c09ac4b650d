import { expect, test } from "vitest";
import type { Graph } from "../../src/graph/types.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { createSession } from "../../src/runtime/session.ts";
import { bytesSource } from "../../src/source.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { float32, fromNumbers, type Tensor, tensor, toNumbers } from "../../src/tensor/tensor.ts";

/** A graph of one input `x` and whatever is written. */
function graphOf(write: (w: GraphWriter, x: string) => string[], dtype: DType = "float32", shape: readonly number[] = [2]): Graph {
  const writer = new GraphWriter();
  return writer.finish(write(writer, writer.input("x", dtype, shape)));
}

async function runOnce(graph: Graph, x: Tensor): Promise<Tensor[]> {
  const session = await createSession(graph);
  const results = await session.run({ x });
  await session.dispose();
  return session.outputs.map((name) => results[name] as Tensor);
}

test.each<DType>(["float32", "float16", "float64", "int8", "uint8", "int32", "int64", "bool"])("%s goes in and comes out", async (dtype) => {
  const x = fromNumbers(dtype, [2], [1, 0]);
  const [y] = await runOnce(
    graphOf((w, name) => [w.emit("Identity", [name])], dtype),
    x,
  );
  expect(y).toEqual(x);
  expect(y?.data).not.toBe(x.data);
});

test("an output that is the input itself is a copy", async () => {
  const x = float32([2], [1, 2]);
  const [same, relu] = await runOnce(
    graphOf((w, name) => [name, w.emit("Relu", [name])]),
    x,
  );
  x.data[0] = 7;
  expect([same, relu].map((t) => Array.from(t?.data as Float32Array))).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test("graphs without inputs, with an unused input, with a scalar and with no elements run", async () => {
  const constant = (w: GraphWriter) => [w.emit("Relu", [w.constant("float32", [2], [-1, 3])])];
  const noInput = new GraphWriter();
  expect(await runOnce(noInput.finish(constant(noInput)), float32([2], [0, 0]))).toMatchObject([{ data: Float32Array.of(0, 3) }]);
  expect(
    await runOnce(
      graphOf((w) => constant(w)),
      float32([2], [0, 0]),
    ),
  ).toMatchObject([{ data: Float32Array.of(0, 3) }]);
  const relu = (w: GraphWriter, x: string) => [w.emit("Relu", [x])];
  expect(await runOnce(graphOf(relu, "float32", []), float32([], [-2]))).toMatchObject([{ shape: [], data: Float32Array.of(0) }]);
  expect(await runOnce(graphOf(relu, "float32", [0, 3]), float32([0, 3], []))).toMatchObject([{ shape: [0, 3] }]);
});

test("weights of a source in memory are handed over, wherever in it they lie", async () => {
  const bytes = new Uint8Array(Float32Array.of(9, 9, 5, 6).buffer);
  const writer = new GraphWriter();
  const x = writer.input("x", "float32", [2]);
  const w = writer.weight("w", { dtype: "float32", shape: [2], data: { source: bytesSource(bytes), offset: 8, length: 8 } });
  const [y] = await runOnce(writer.finish([writer.emit("Add", [x, w])]), float32([2], [1, 1]));
  expect(toNumbers(y as Tensor)).toEqual([6, 7]);
});

test("runs at the same time follow each other, and disposing waits for them", async () => {
  const session = await createSession(graphOf((w, x) => [w.emit("Neg", [x])]));
  const runs = [1, 2, 3].map((n) => session.run({ x: float32([2], [n, -n]) }));
  const disposed = session.dispose();
  expect((await Promise.all(runs)).map((r) => toNumbers(r[session.outputs[0] as string] as Tensor))).toEqual([
    [-1, 1],
    [-2, 2],
    [-3, 3],
  ]);
  await disposed;
  await expect(session.run({ x: float32([2], [1, 1]) })).rejects.toMatchObject({ code: "RUNTIME" });
});

test("a feed that is missing or does not fit is refused by name", async () => {
  const session = await createSession(graphOf((w, x) => [w.emit("Relu", [x])]));
  await expect(session.run({})).rejects.toMatchObject({ code: "SHAPE_MISMATCH", message: expect.stringContaining('"x"') });
  await expect(session.run({ x: float32([3], [1, 2, 3]) })).rejects.toMatchObject({ code: "SHAPE_MISMATCH", message: expect.stringContaining("[3]") });
  await expect(session.run({ x: tensor("int32", [2], Int32Array.of(1, 2)) })).rejects.toMatchObject({
    code: "SHAPE_MISMATCH",
    message: expect.stringContaining("int32"),
  });
  await session.dispose();
});

test("an aborted signal stops a run before it begins", async () => {
  const session = await createSession(graphOf((w, x) => [w.emit("Relu", [x])]));
  await expect(session.run({ x: float32([2], [1, 1]) }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  await session.dispose();
});

test("a graph that ONNX Runtime refuses is an error of its own", async () => {
  const graph = graphOf((w, x) => [w.emit("Relu", [x])]);
  const broken = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, op: "NoSuchOperator" })) };
  await expect(createSession(broken)).rejects.toMatchObject({ code: "RUNTIME", message: expect.stringContaining("NoSuchOperator") });
});

test("a device that is not there is refused with those that are", async () => {
  await expect(
    createSession(
      graphOf((w, x) => [w.emit("Relu", [x])]),
      { device: "coreml" },
    ),
  ).rejects.toMatchObject({
    code: "DEVICE",
    hint: expect.stringContaining("cpu"),
  });
});
