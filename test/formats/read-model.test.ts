// Formats are told apart by their bytes, and what is no model is named.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formats, readModel } from "../../src/formats/read-model.ts";
import { emptyFolder } from "../../src/platform/folders.ts";
import { openInput } from "../../src/platform/node.ts";
import { bytesSource } from "../../src/source.ts";
import { referenceBytes } from "../reference-files.ts";

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const zipEntry = (name: string) => `PK\x03\x04${"\0".repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}`;
const read = (name: string, bytes: Uint8Array) => readModel({ name, source: bytesSource(bytes, name), folder: emptyFolder });

test("ONNX is known without its name", async () => {
  const model = await read("model", referenceBytes("onnx-files/metadata.onnx"));
  expect(model.format).toBe("onnx");
});

test("a name alone does not make a model", async () => {
  await expect(read("model.onnx", latin1("no model at all"))).rejects.toMatchObject({ code: "BAD_MODEL" });
});

test("every format has a name and a title of its own", () => {
  expect(new Set(formats.map((format) => format.name)).size).toBe(formats.length);
  expect(new Set(formats.map((format) => format.title)).size).toBe(formats.length);
});

describe("what is no model is named", () => {
  test.each<[string, string, RegExp, RegExp]>([
    ["model.onnx", "", /empty file/, /again/],
    ["model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:1", /Git LFS pointer/, /git lfs pull/],
    ["model.h5", "\n<!DOCTYPE html><html>", /web page/, /link/],
    ["net.pt", zipEntry("archive/data.pkl"), /PyTorch checkpoint/, /torch\.onnx\.export/],
    ["net.pth", "\x80\x02}q\0", /pickled PyTorch checkpoint/, /torch\.onnx\.export/],
    ["weights.npz", zipEntry("conv.npy"), /NumPy archive/, /arrays/],
    ["x.npy", "\x93NUMPY\x01\0", /NumPy array/, /picture/],
    ["net.tflite", "\x1c\0\0\0TFL3", /TensorFlow Lite/, /tf2onnx/],
    ["net.ort", "\x1c\0\0\0ORTM", /ONNX Runtime's own format/, /\.onnx/],
    ["model.safetensors", '\x40\0\0\0\0\0\0\0{"a":{}}', /safetensors/, /torch\.onnx\.export/],
    ["photo.jpg", "\xff\xd8\xff\xe0", /JPEG/, /model first/],
    ["photo.png", "\x89PNG\r\n\x1a\n", /PNG/, /model first/],
    ["model.tar.gz", "\x1f\x8b\x08", /gzip/, /Unpack/],
    ["model.xml", '<?xml version="1.0"?>\n<net name="a">', /OpenVINO/, /made from/],
    ["frozen.pb", "\x0a\x10abc", /TensorFlow graph/, /tf2onnx/],
    ["model.mlmodel", "\x08\x01\x7a", /Core ML/, /made from/],
    ["notes.txt", "hello", /no model that Pellucid reads\.$/, /ONNX/],
  ])("%s", async (name, text, message, hint) => {
    await expect(read(name, latin1(text))).rejects.toMatchObject({
      code: "UNKNOWN_FORMAT",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe("folders", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("without a model, and with a SavedModel", async () => {
    await expect(readModel(await openInput(folder))).rejects.toMatchObject({
      code: "UNKNOWN_FORMAT",
      message: expect.stringContaining("a folder without a model"),
    });
    await writeFile(join(folder, "saved_model.pb"), "x");
    await expect(readModel(await openInput(folder))).rejects.toMatchObject({ code: "UNKNOWN_FORMAT", message: expect.stringContaining("SavedModel") });
  });
});
