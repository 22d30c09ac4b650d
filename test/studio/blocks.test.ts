// How layers become blocks, and what is left of the graph when blocks are folded.

import { describe, expect, it } from "vitest";
import type { StudioLayer } from "../../src/studio/engine/protocol.ts";
import { blocksOf, foldGraph } from "../../src/studio/graph/blocks.ts";

/** A chain of layers with these names. */
function chain(...names: readonly string[]): StudioLayer[] {
  return names.map((name, i) => ({
    name,
    kind: "Conv2D",
    inputs: i === 0 ? [] : [names[i - 1] as string],
    parameters: 1,
    shape: [null, 8, 8, 4],
    channels: 4,
    hasMaps: true,
    climbed: name,
  }));
}

describe("blocksOf", () => {
  it.each([
    [["block1_conv1", "block1_pool", "fc"], { block1_conv1: "block1", block1_pool: "block1" }],
    [["conv2_block1_1_conv", "conv2_block1_out"], { conv2_block1_1_conv: "conv2_block1", conv2_block1_out: "conv2_block1" }],
    [["features.0", "features.1", "classifier.1"], { "features.0": "features", "features.1": "features" }],
    [["/layer1/0/conv", "/layer1/0/relu", "/fc"], { "/layer1/0/conv": "layer1", "/layer1/0/relu": "layer1" }],
    [["net/block1_a", "net/block1_b", "net/top"], { "net/block1_a": "block1", "net/block1_b": "block1" }],
    [["conv", "relu"], {}],
    [["conv2d_1", "conv2d_2", "conv2d_3"], {}],
    [
      ["stem", "conv_left1_7", "normal_add_1_7", "conv_left1_reduce_8", "normal_add_1_reduce_8"],
      { conv_left1_7: "_7", normal_add_1_7: "_7", conv_left1_reduce_8: "_reduce_8", normal_add_1_reduce_8: "_reduce_8" },
    ],
  ])("of %j", (names, blocks) => {
    expect(Object.fromEntries(blocksOf(chain(...names)))).toEqual(blocks);
  });
});

describe("foldGraph", () => {
  const layers = chain("image", "block1_conv1", "block1_conv2", "fc");

  it("keeps every layer where nothing is folded", () => {
    const { boxes, edges, blocks } = foldGraph(layers, new Set());
    expect(boxes.map(({ name, block }) => [name, block])).toEqual([
      ["image", undefined],
      ["block1_conv1", "block1"],
      ["block1_conv2", "block1"],
      ["fc", undefined],
    ]);
    expect(edges).toEqual([
      ["image", "block1_conv1"],
      ["block1_conv1", "block1_conv2"],
      ["block1_conv2", "fc"],
    ]);
    expect(blocks).toEqual(["block1"]);
  });

  it("puts one box in the place of a folded block", () => {
    const { boxes, edges, blocks } = foldGraph(layers, new Set(["block1"]));
    expect(boxes.map(({ name, folded }) => [name, folded])).toEqual([
      ["image", false],
      ["block1", true],
      ["fc", false],
    ]);
    expect(boxes[1]?.layers.map(({ name }) => name)).toEqual(["block1_conv1", "block1_conv2"]);
    expect(edges).toEqual([
      ["image", "block1"],
      ["block1", "fc"],
    ]);
    expect(blocks).toEqual([]);
  });

  it("leaves a layer alone that is called like a block far from it", () => {
    const between = Array.from({ length: 20 }, (_, i) => `layer${String.fromCharCode(97 + i)}`);
    expect([...blocksOf(chain("block1_a", "block1_b", ...between, "block1_c")).keys()]).toEqual(["block1_a", "block1_b"]);
  });

  it("folds five hundred layers of a hundred blocks at once", () => {
    const many = chain(...Array.from({ length: 500 }, (_, i) => `block${Math.floor(i / 5)}_conv${i % 5}`));
    expect(foldGraph(many, new Set(blocksOf(many).values())).boxes).toHaveLength(100);
  });
});
