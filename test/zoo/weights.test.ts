// Files of weights without an architecture, which the zoo or a JSON file gives.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { float32, openModel, predict } from "../../src/index.ts";
import { largestDifference, referenceBytes, referenceFloats } from "../reference-files.ts";
import { picture } from "./generated.ts";

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pellucid-zoo-"));
  for (const name of ["mobilenet.h5", "mobilenet.weights.h5"]) await writeFile(file(name), gunzipSync(referenceBytes(`zoo/${name}.gz`)));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(["mobilenet.h5", "mobilenet.weights.h5"])("%s", (name) => {
  it("gives Keras's predictions in the architecture of the zoo, with the file's classes", async () => {
    const model = await openModel(file(name), { architecture: "mobilenet-0.25-128", size: 32 });
    const image = picture(32);
    const [classes] = await predict(
      model,
      float32(
        image.shape,
        Array.from(image.data, (x) => x / 127.5 - 1),
      ),
    );
    await model.dispose();
    const scores = [...(classes as { index: number; score: number }[])].sort((a, b) => a.index - b.index).map(({ score }) => score);
    expect(scores).toHaveLength(10);
    expect(largestDifference(scores, referenceFloats("zoo/mobilenet.npy").data)).toBeLessThan(1e-6);
  });

  it("knows how the network wants its pictures, and names no classes that are not ImageNet's", async () => {
    const model = await openModel(file(name), { architecture: "MobileNet-0.25-128" });
    expect(model.preprocessing).toMatchObject({ preset: "tf" });
    expect(model.labels).toBeUndefined();
    expect(model.layer("conv_pw_13_relu").kind).toBe("ReLU");
  });

  it("is refused for another network", async () => {
    await expect(openModel(file(name), { architecture: "vgg16" })).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  it("needs an architecture", async () => {
    await expect(openModel(file(name))).rejects.toMatchObject({ code: "MISSING_FILE", hint: expect.stringContaining("--architecture") });
  });
});

it("names the networks most like one that is not there", async () => {
  await expect(openModel(file("mobilenet.h5"), { architecture: "mobilnet" })).rejects.toMatchObject({
    code: "BAD_ARGUMENT",
    hint: expect.stringContaining("mobilenet"),
  });
});

it("does not let a network take the place of a whole model's own architecture", async () => {
  const whole = new URL("../reference/keras/models/keras3.h5", import.meta.url);
  await expect(openModel(whole, { architecture: "vgg16" })).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
});

it("takes an architecture from a JSON file anywhere", async () => {
  const at = (name: string) => new URL(`../reference/keras/models/${name}`, import.meta.url);
  await writeFile(file("alone.weights.h5"), readFileSync(at("network.weights.h5")));
  const model = await openModel(file("alone.weights.h5"), { architecture: at("network.json") });
  const beside = await openModel(at("network.weights.h5"));
  expect(model.layers).toEqual(beside.layers);
});
