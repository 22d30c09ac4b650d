// Convolutions by Winograd's minimal filtering, against ONNX Runtime's own.

import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/gradient.ts";
import type { Graph } from "../../src/graph/types.ts";
import { toWeight } from "../../src/ops/weights.ts";
import { winograd } from "../../src/ops/winograd.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { fromNumbers, sizeOf, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { gaussian, seeded } from "./inputs.ts";
import { runGraph } from "./op-case.ts";

const random = seeded(9);

function normal(shape: readonly number[], scale = 1): Tensor {
  return fromNumbers(
    "float32",
    shape,
    Array.from({ length: sizeOf(shape) }, () => scale * gaussian(random)),
  );
}

interface Sizes {
  readonly batch?: number;
  readonly channels?: readonly [number, number];
  readonly size?: readonly [number, number];
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly bias?: boolean;
  readonly kernel?: readonly number[];
}

/** One convolution between two ReLUs, large enough to be worth it. */
function network({ batch = 1, channels: [c, m] = [128, 160], size = [28, 30], attrs = {}, bias = true, kernel = [3, 3] }: Sizes): Graph {
  const writer = new GraphWriter();
  const x = writer.emit("Relu", [writer.input("x", "float32", [batch, c, ...size])], {}, "before");
  const w = writer.weight("w", toWeight(normal([m, c / ((attrs.group as number) ?? 1), ...kernel], 1 / Math.sqrt(9 * c))));
  const inputs = bias ? [x, w, writer.weight("b", toWeight(normal([m])))] : [x, w];
  return writer.finish([writer.emit("Relu", [writer.emit("Conv", inputs, attrs, "conv")], {}, "y")]);
}

function count(graph: Graph, op: string): number {
  return graph.nodes.filter((node) => node.op === op).length;
}

/** Largest difference between two runs, relative to the largest number. */
async function difference(a: Graph, b: Graph): Promise<number> {
  const feeds = Object.fromEntries(a.inputs.map(({ name, shape }) => [name, normal(shape as number[])]));
  const [one, other] = [await runGraph(a, feeds), await runGraph(b, feeds)];
  expect(Object.keys(other)).toEqual(Object.keys(one));
  const differences = Object.entries(one).map(([name, tensor]) => {
    const [expected, actual] = [toNumbers(tensor), toNumbers(other[name] as Tensor)];
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0);
    return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))), 0) / largest;
  });
  return Math.max(...differences);
}

const cases: Record<string, Sizes> = {
  "pads on all sides": { attrs: { pads: [1, 1, 1, 1] } },
  "no pads": { attrs: { auto_pad: "VALID" } },
  "uneven pads": { attrs: { pads: [0, 1, 2, 0] } },
  "the padding of Keras": { attrs: { auto_pad: "SAME_UPPER" }, size: [28, 32] },
  "wide pads": { attrs: { pads: [2, 2, 2, 2] } },
  "several pictures": { batch: 3, size: [16, 14], attrs: { pads: [1, 1, 1, 1] } },
  "no bias": { bias: false, attrs: { pads: [1, 1, 1, 1] } },
};

describe("winograd", () => {
  describe.each(Object.entries(cases))("a convolution with %s", (_, sizes) => {
    const graph = network(sizes);

    it("gives the same numbers", async () => {
      const changed = winograd(graph);
      expect(count(changed, "FusedMatMul")).toBe(1);
      expect(await difference(graph, changed)).toBeLessThan(1e-5);
    });

    it("gives the same gradient, through the same kernel", async () => {
      const whole = gradient(graph, { of: "y", wrt: ["x"], keep: ["y"] }).graph;
      expect(count(whole, "Conv")).toBe(2);
      const changed = winograd(whole);
      expect(count(changed, "FusedMatMul")).toBe(2);
      expect(changed.nodes.filter(({ outputs }) => outputs[0]?.startsWith("w:winograd"))).toHaveLength(1);
      expect(await difference(whole, changed)).toBeLessThan(1e-5);
    });
  });

  it("takes a kernel that is computed from weights", async () => {
    const writer = new GraphWriter();
    const x = writer.input("x", "float32", [1, 96, 28, 28]);
    const hwio = writer.weight("w", toWeight(normal([3, 3, 96, 96], 1 / 30)));
    const y = writer.emit("Conv", [x, writer.transpose(hwio, [3, 2, 0, 1])], { pads: [1, 1, 1, 1] }, "y");
    const graph = writer.finish([y]);
    expect(count(winograd(graph), "FusedMatMul")).toBe(1);
    expect(await difference(graph, winograd(graph))).toBeLessThan(1e-5);
  });

  it.each<[string, Sizes]>([
    ["strides", { attrs: { strides: [2, 1] } }],
    ["dilations", { attrs: { dilations: [1, 2] } }],
    ["groups", { attrs: { group: 2 }, channels: [96, 96] }],
    ["other kernels", { kernel: [3, 1] }],
    ["few channels", { channels: [16, 16] }],
    ["few positions", { size: [8, 8] }],
    ["pictures so large that the transforms cost more", { size: [200, 40] }],
  ])("leaves %s as they are", (_, sizes) => {
    const graph = network(sizes);
    expect(winograd(graph)).toBe(graph);
  });

  it("leaves a kernel that is an input as it is", () => {
    const writer = new GraphWriter();
    const [x, w] = [writer.input("x", "float32", [1, 96, 28, 28]), writer.input("w", "float32", [96, 96, 3, 3])];
    const graph = writer.finish([writer.emit("Conv", [x, w], {}, "y")]);
    expect(winograd(graph)).toBe(graph);
  });
});
