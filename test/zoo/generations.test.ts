// Old files that go by the name of a network that has changed since.

import { describe, expect, it } from "vitest";
import type { WeightsOnly } from "../../src/formats/keras/weights-only.ts";
import { checkGeneration } from "../../src/zoo/generations.ts";
import { getModel } from "../../src/zoo/models.ts";

/** A file whose first layer has this name and a kernel of this shape. */
function fileWith(layer: string, shape: readonly number[]): WeightsOnly {
  const weight = { dtype: "float32", shape, data: new Uint8Array() } as const;
  return { source: { name: "old.h5" }, groups: [{ name: layer, weights: [{ name: `${layer}/kernel:0`, weight }] }] } as unknown as WeightsOnly;
}

describe.each([
  ["resnet50", "res2a_branch2a", [1, 1, 64, 64], "before 2.2.5"],
  ["inceptionv3", "convolution2d_1", [3, 3, 3, 32], "Keras 1"],
  ["vgg16", "block1_conv1", [64, 3, 3, 3], "Theano"],
  ["resnet50", "conv1", [64, 3, 7, 7], "Theano"],
] as const)("%s with %s %j", (name, layer, shape, why) => {
  it("is refused, with what to do", () => {
    const check = () => checkGeneration(getModel(name), fileWith(layer, shape));
    expect(check).toThrow(why);
    expect(check).toThrow(expect.objectContaining({ code: "BAD_MODEL", hint: expect.stringContaining(`pellucid pull ${name}`) }));
  });
});

it.each([
  ["vgg16", "block1_conv1", [3, 3, 3, 64]],
  ["resnet50", "conv1_conv", [7, 7, 3, 64]],
  ["convnexttiny", "convnext_tiny_stem", [4, 4, 3, 96]],
] as const)("%s of today is let through", (name, layer, shape) => {
  expect(() => checkGeneration(getModel(name), fileWith(layer, shape))).not.toThrow();
});
