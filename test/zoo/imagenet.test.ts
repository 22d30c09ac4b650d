// Names of ImageNet's classes, and what the chapter says of VGG16.

import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { loadKeras } from "../../src/formats/keras/keras-model.ts";
import { classIndex, imagenetClasses, openModel } from "../../src/index.ts";
import { Model } from "../../src/model.ts";
import { synsetsOf } from "../../src/zoo/imagenet.ts";
import { getModel } from "../../src/zoo/models.ts";
import { referenceBytes } from "../reference-files.ts";
import { generatedWeights } from "./generated.ts";
import { listings, weightShapes } from "./listed.ts";

it("are those of Keras's imagenet_class_index.json, byte for byte", async () => {
  const entries = (await imagenetClasses()).map(({ synset, name }, i) => `"${i}": ["${synset}", "${name}"]`);
  const file = `{${entries.join(", ")}}`;
  expect(createHash("md5").update(file).digest("hex")).toBe("c2c37ea517e94d9795004a39431a14cb");
});

it("are found as Keras and as people write them", async () => {
  const names = (await imagenetClasses()).map(({ name }) => name);
  expect(classIndex("African_elephant", 1000, names)).toBe(386);
  expect(classIndex("african elephant", 1000, names)).toBe(386);
  expect(() => classIndex("crane", 1000, names)).toThrow(/fits 2 classes/);
});

it("are found by WordNet's ids, where the names are ImageNet's", async () => {
  const names = (await imagenetClasses()).map(({ name }) => name);
  const synsets = await synsetsOf(names);
  expect(classIndex("n02504458", 1000, names, synsets)).toBe(386);
  expect(() => classIndex("n00000000", 1000, names, synsets)).toThrow(/No class/);
  const spelled = names.map((name) => `${name.replaceAll("_", " ")}, and more words`);
  expect(await synsetsOf(spelled)).toEqual(synsets);
  expect(await synsetsOf([...names].sort())).toBeUndefined();
  expect(await synsetsOf(names.slice(1))).toBeUndefined();
  expect(await synsetsOf(undefined)).toBeUndefined();
});

it("name classes by WordNet's ids with Keras's class index as labels", async () => {
  const classes = await imagenetClasses();
  const labels = JSON.stringify(Object.fromEntries(classes.map(({ synset, name }, i) => [i, [synset, name]])));
  const model = await openModel(referenceBytes("keras/models/keras3.keras"), { labels });
  expect(model.synsets?.[386]).toBe("n02504458");
});

it("VGG16 has the layers that the chapter names, with the shapes that it prints", () => {
  const model = getModel("vgg16").architecture({ includeTop: false, classes: 1000, size: [180, 180] });
  const listed = listings["vgg16 notop"];
  if (!listed) throw new Error("no listing");
  const { layers } = new Model(loadKeras({ format: "keras-h5", producer: undefined, model, weights: generatedWeights(model, weightShapes(listed), 2) }));
  const shapes = Object.fromEntries(layers.map(({ name, shape }) => [name, shape]));
  expect(layers.findLast(({ kind }) => kind === "Conv2D")?.name).toBe("block5_conv3");
  expect(shapes).toMatchObject({ block1_conv1: [null, 180, 180, 64], block3_conv1: [null, 45, 45, 256], block5_conv3: [null, 11, 11, 512] });
  expect(shapes.block5_pool).toEqual([null, 5, 5, 512]);
});
