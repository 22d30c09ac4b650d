// Windows that ONNX Runtime's shape inference misjudges or its kernels refuse run in larger graphs too, forms settled.

import { expect, it } from "vitest";
import { GraphWriter } from "../../src/ops/writer.ts";
import { float32, sizeOf, toNumbers } from "../../src/tensor/tensor.ts";
import { runGraph } from "./op-case.ts";

const pads = (n: number) => [n, n, n, n];
const dropped = { kernel_shape: [2, 2], strides: [2, 2], pads: pads(1), ceil_mode: 1 };

it.each<[string, string, number[], Record<string, unknown>]>([
  ["a maximum, a window dropped", "MaxPool", [5, 7], dropped],
  ["a mean, a window dropped", "AveragePool", [5, 7], { ...dropped, count_include_pad: 1 }],
  ["a norm, a window dropped", "LpPool", [5, 7], dropped],
  [
    "a mean with padding, dropped along one axis, beyond the end of the other",
    "AveragePool",
    [7, 5],
    {
      kernel_shape: [4, 4],
      strides: [3, 3],
      pads: pads(2),
      ceil_mode: 1,
      count_include_pad: 1,
    },
  ],
  [
    "a mean without padding, dropped along one axis, beyond the end of the other",
    "AveragePool",
    [7, 5],
    {
      kernel_shape: [4, 4],
      strides: [3, 3],
      pads: pads(2),
      ceil_mode: 1,
    },
  ],
  ["a maximum, dilated SAME", "MaxPool", [7, 6], { kernel_shape: [3, 3], dilations: [2, 2], auto_pad: "SAME_UPPER" }],
])("%s, with a sum behind it", async (_, op, space, attrs) => {
  const g = new GraphWriter();
  const x = g.input("x", "float32", [1, 1, ...space]);
  const pool = g.emit(op, [x], attrs, "pool");
  const zeros = g.constant("float32", g.shape(pool), new Array<number>(sizeOf(g.shape(pool))).fill(0));
  const sum = g.emit("Add", [pool, zeros], {}, "sum");
  const values = Array.from({ length: sizeOf(space) }, (_, i) => Math.sin(i * 1.7));
  const results = await runGraph(g.finish([pool, sum]), { x: float32([1, 1, ...space], values) });
  expect(results.sum?.shape).toEqual(g.shape(pool));
  expect(results.sum && toNumbers(results.sum)).toEqual(results.pool && toNumbers(results.pool));
});
