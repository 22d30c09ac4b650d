import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Region } from "../../src/graph/types.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { fileSource } from "../../src/platform/node.ts";
import { createSession } from "../../src/runtime/session.ts";
import { commonFolder, readWeights } from "../../src/runtime/weights.ts";
import { bytesSource, subSource } from "../../src/source.ts";
import { float32, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";

const folder = await mkdtemp(join(tmpdir(), "pellucid-weights-"));
afterAll(() => rm(folder, { recursive: true }));

async function weightFile(name: string, values: readonly number[]) {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, Float32Array.from(values));
  return fileSource(path);
}

function sumOf(regions: readonly Region[]) {
  const writer = new GraphWriter();
  const x = writer.input("x", "float32", [2]);
  const weights = regions.map((data, i) => writer.weight(`w${i}`, { dtype: "float32", shape: [2], data }));
  return writer.finish([writer.emit("Sum", [x, ...weights])]);
}

test("weights of several files, of a part of a file and of bytes meet in one session", async () => {
  const first = await weightFile("a/one.bin", [0, 0, 1, 2]);
  const second = await weightFile("b/c/two.bin", [0, 10, 20, 0]);
  const part = subSource(second, 4, 8, "part");
  const bytes = bytesSource(new Uint8Array(Float32Array.of(100, 200).buffer));
  const graph = sumOf([
    { source: first, offset: 8, length: 8 },
    { source: part, offset: 0, length: 8 },
    { source: bytes, offset: 0, length: 8 },
  ]);
  const session = await createSession(graph);
  const results = await session.run({ x: float32([2], [1000, 2000]) });
  expect(toNumbers(results[session.outputs[0] as string] as Tensor)).toEqual([1111, 2222]);
  await session.dispose();
  const read = await readWeights(graph);
  expect([...read.initializers.values()].map(({ data }) => data instanceof Uint8Array && [...new Float32Array(data.slice().buffer)])).toEqual([
    [1, 2],
    [10, 20],
    [100, 200],
  ]);
});

test("a weight beyond the end of its file is an error", async () => {
  const source = await weightFile("short.bin", [1, 2]);
  const graph = sumOf([{ source, offset: 4, length: 8 }]);
  await expect(createSession(graph)).rejects.toMatchObject({ code: "RUNTIME" });
  await expect(readWeights(graph)).rejects.toMatchObject({ code: "BAD_MODEL" });
});

test("the common folder of paths is the deepest that holds them all", () => {
  expect(commonFolder(["/a/b/c.onnx"])).toBe("/a/b");
  expect(commonFolder(["/a/b/c.onnx", "/a/bc/d.bin"])).toBe("/a");
  expect(commonFolder(["/a/c.onnx", "/d/e.bin"])).toBe("");
  expect(commonFolder(["C:\\m\\a.onnx", "C:\\m\\w\\b.bin"])).toBe("C:\\m");
});
