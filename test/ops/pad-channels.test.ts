// Convolutions that the WebGPU provider would miscompute; that it does not any more is tested in test/studio.

import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/graph/types.ts";
import { padChannels } from "../../src/ops/pad-channels.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { fromNumbers, sizeOf, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { gaussian, seeded } from "./inputs.ts";
import { runGraph } from "./op-case.ts";

const random = seeded(5);

function normal(shape: readonly number[]): Tensor {
  return fromNumbers(
    "float32",
    shape,
    Array.from({ length: sizeOf(shape) }, () => gaussian(random)),
  );
}

/** Two convolutions, the second of `channels` channels. */
function network(channels: number, filters: number, kernel: number, group = 1): Graph {
  const writer = new GraphWriter();
  const x = writer.input("x", "float32", [2, 2, 5, 6]);
  const w = writer.input("w", "float32", [channels, 2, 1, 1]);
  const v = writer.input("v", "float32", [filters, channels / group, kernel, kernel]);
  const hidden = writer.emit("Conv", [x, w], {}, "hidden");
  return writer.finish([hidden, writer.emit("Relu", [writer.emit("Conv", [hidden, v], { group })], {}, "y")]);
}

function countPads(graph: Graph): number {
  return graph.nodes.filter(({ op }) => op === "Pad").length;
}

describe("padChannels", () => {
  it.each([6, 9, 15, 18])("pads %i channels and changes no number", async (channels) => {
    const graph = network(channels, 8, 3);
    const changed = padChannels(graph);
    expect(countPads(changed)).toBe(2);
    const feeds = { x: normal([2, 2, 5, 6]), w: normal([channels, 2, 1, 1]), v: normal([8, channels, 3, 3]) };
    const [before, after] = [await runGraph(graph, feeds), await runGraph(changed, feeds)];
    expect(Object.keys(after)).toEqual(["hidden", "y"]);
    for (const name of ["hidden", "y"]) {
      const expected = toNumbers(before[name] as Tensor);
      toNumbers(after[name] as Tensor).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] as number, 4);
      });
    }
  });

  it.each([
    ["multiples of 4", network(12, 8, 3)],
    ["3 channels", network(3, 8, 3)],
    ["other numbers of filters", network(6, 7, 3)],
    ["filters of one pixel", network(6, 8, 1)],
    ["groups", network(6, 8, 3, 2)],
  ])("leaves %s as they are", (_, graph) => {
    expect(padChannels(graph)).toBe(graph);
  });
});
