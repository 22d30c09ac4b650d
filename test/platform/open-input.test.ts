import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openInput } from "../../src/platform/node.ts";
import { readAll, type Source } from "../../src/source.ts";

const folder = await mkdtemp(join(tmpdir(), "pellucid-input-"));
const server = createServer((request, response) => {
  createReadStream(join(folder, new URL(request.url ?? "", "http://localhost").pathname))
    .on("error", () => response.writeHead(404).end())
    .pipe(response);
});
await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

await mkdir(join(folder, "model", "weights"), { recursive: true });
await writeFile(join(folder, "model", "net.onnx"), "the model");
await writeFile(join(folder, "model", "weights", "w.bin"), "the weights");
await writeFile(join(folder, "secret"), "no part of the model");
await symlink(join(folder, "secret"), join(folder, "model", "out"));
await symlink(join(folder, "model", "weights"), join(folder, "model", "in"));

const textOf = async (source: Source | undefined) => source && new TextDecoder().decode(await readAll(source));
const path = join(folder, "model", "net.onnx");

test.each([
  ["a path", path, true],
  ["a file: URL", new URL(`file://${path}`), true],
  ["an http: URL", new URL(`${address}/model/net.onnx`), false],
  ["an address as text", `${address}/model/net.onnx?v=2`, false],
])("%s opens with the files beside it", async (_, input, mapped) => {
  const { name, source, folder: beside } = await openInput(input);
  expect([name, await textOf(source), Boolean(source?.path)]).toEqual(["net.onnx", "the model", mapped]);
  expect(await textOf(await beside.open("weights/w.bin"))).toBe("the weights");
  expect(await beside.open("weights/none.bin")).toBeUndefined();
  await expect(beside.open("../secret")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
});

test("bytes, a Blob and dropped files open without a disk", async () => {
  const bytes = new TextEncoder().encode("the model");
  expect(await textOf((await openInput(bytes)).source)).toBe("the model");
  expect(await textOf((await openInput(new Blob([bytes]))).source)).toBe("the model");
  const files = [new File(["the weights"], "w.bin"), new File([bytes], "net.onnx")];
  const { name, source, folder: beside } = await openInput(files);
  expect([name, await textOf(source), await textOf(await beside.open("weights/w.bin"))]).toEqual(["net.onnx", "the model", "the weights"]);
  await expect(openInput([])).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
});

test("a folder opens as a folder; links within it are followed, links out of it refused", async () => {
  const { source, folder: opened } = await openInput(join(folder, "model"));
  expect(source).toBeUndefined();
  expect(await textOf(await opened.open("in/w.bin"))).toBe("the weights");
  await expect(opened.open("out")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
});

test("slices stop at the end of the file", async () => {
  const { source } = await openInput(path);
  expect((await source?.slice(4, 100))?.length).toBe(5);
});

test("what is not there is said to be missing; a server that does not answer is another thing", async () => {
  await expect(openInput(join(folder, "none.onnx"))).rejects.toMatchObject({ code: "MISSING_FILE", hint: expect.stringContaining("path") });
  await expect(openInput(`${address}/none.onnx`)).rejects.toMatchObject({ code: "MISSING_FILE", details: { status: 404 } });
  await expect(openInput("http://127.0.0.1:1/net.onnx")).rejects.toMatchObject({ code: "NETWORK" });
});
