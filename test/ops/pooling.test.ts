import { testFamily } from "./family.ts";
import { awayFrom, type CaseInput, distinct, given, normal, positive } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const windows = (kernel: readonly number[], attrs: Readonly<Record<string, unknown>> = {}) => ({ kernel_shape: kernel, ...attrs });

/** ceil_mode where its last window would start behind the input, so that it is dropped: along both axes, and along one. */
function droppedWindows(input: (shape: readonly number[]) => CaseInput, attrs: Readonly<Record<string, unknown>> = {}): OpCase[] {
  const sizes = [
    [2, 2, 1, [5, 7]],
    [3, 3, 1, [8, 8]],
    [4, 4, 2, [9, 9]],
    [2, 3, 1, [4, 5]],
    [2, 2, 1, [5, 6]],
    [3, 3, 2, [9, 7]],
  ] as const;
  return sizes.map(([k, stride, pad, space]) => ({
    name: `beyond the end, a window dropped: ${k} at stride ${stride}, pads ${pad}, of ${space.join("×")}${Object.keys(attrs).map((name) => `, ${name}`)}`,
    attrs: windows([k, k], { strides: [stride, stride], pads: [pad, pad, pad, pad], ceil_mode: 1, ...attrs }),
    inputs: [input([1, 2, ...space])],
  }));
}

const sameDilated = windows([3, 2], { auto_pad: "SAME_LOWER", dilations: [2, 1], strides: [1, 2] });

testFamily(
  "pooling",
  {
    MaxPool: [
      { name: "side by side", attrs: windows([2, 2], { strides: [2, 2] }), inputs: [distinct([2, 3, 6, 8])] },
      { name: "side by side, a rest left out", attrs: windows([2, 3], { strides: [2, 3] }), inputs: [distinct([1, 2, 7, 8])] },
      { name: "side by side, padded", attrs: windows([3, 2], { strides: [3, 2], pads: [1, 0, 2, 1] }), inputs: [distinct([1, 2, 6, 7])] },
      { name: "side by side, beyond the end", attrs: windows([2, 2], { strides: [2, 2], ceil_mode: 1 }), inputs: [distinct([1, 2, 5, 7])] },
      { name: "overlapping", attrs: windows([3, 3], { strides: [2, 2] }), inputs: [distinct([2, 2, 9, 8])] },
      { name: "overlapping, padded", attrs: windows([3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }), inputs: [distinct([1, 2, 8, 9])] },
      { name: "overlapping, beyond the end", attrs: windows([3, 3], { strides: [2, 2], ceil_mode: 1 }), inputs: [distinct([1, 2, 8, 6])] },
      { name: "beyond the end, padded", attrs: windows([3, 3], { strides: [2, 2], ceil_mode: 1, pads: [1, 1, 1, 1] }), inputs: [distinct([1, 2, 6, 7])] },
      { name: "at stride 1", attrs: windows([3, 3], { pads: [1, 1, 1, 1] }), inputs: [distinct([1, 2, 5, 4])] },
      { name: "dilated", attrs: windows([2, 3], { dilations: [3, 2], strides: [1, 2] }), inputs: [distinct([1, 2, 7, 8])] },
      {
        name: "dilated, padded, beyond the end",
        attrs: windows([3, 3], { dilations: [2, 2], strides: [2, 3], pads: [1, 1, 1, 1], ceil_mode: 1 }),
        inputs: [distinct([1, 2, 8, 9])],
      },
      { name: "with gaps", attrs: windows([2, 2], { strides: [3, 4] }), inputs: [distinct([1, 2, 8, 9])] },
      { name: "with SAME_UPPER", attrs: windows([3, 2], { strides: [2, 2], auto_pad: "SAME_UPPER" }), inputs: [distinct([1, 2, 6, 7])] },
      { name: "with SAME_LOWER", attrs: windows([2, 2], { strides: [2, 2], auto_pad: "SAME_LOWER" }), inputs: [distinct([1, 2, 5, 7])] },
      { name: "with VALID", attrs: windows([2, 2], { strides: [2, 2], auto_pad: "VALID" }), inputs: [distinct([1, 2, 5, 7])] },
      { name: "in one dimension", attrs: windows([3], { strides: [2], pads: [1, 1] }), inputs: [distinct([2, 3, 9])] },
      { name: "in one dimension, side by side", attrs: windows([3], { strides: [3] }), inputs: [distinct([2, 3, 10])] },
      { name: "in three dimensions", attrs: windows([2, 3, 2], { strides: [1, 2, 2] }), inputs: [distinct([1, 2, 4, 5, 6])] },
      { name: "in three dimensions, side by side", attrs: windows([2, 2, 2], { strides: [2, 2, 2] }), inputs: [distinct([1, 2, 4, 5, 6])] },
      { name: "with indices", attrs: windows([2, 2], { strides: [1, 1] }), inputs: [distinct([2, 2, 4, 4])], outputs: 2 },
      ...droppedWindows(distinct),
      { name: "dilated, with SAME_LOWER", attrs: sameDilated, inputs: [distinct([1, 2, 7, 6])] },
      { name: "with gaps, with SAME_LOWER", attrs: windows([2, 1], { auto_pad: "SAME_LOWER", strides: [4, 3] }), inputs: [distinct([1, 2, 8, 6])] },
      {
        name: "dilated, with SAME_UPPER",
        attrs: windows([3, 3], { auto_pad: "SAME_UPPER", dilations: [2, 2], ceil_mode: 1 }),
        inputs: [distinct([1, 1, 6, 7])],
      },
      { name: "in column-major order, without indices", attrs: windows([3, 3], { storage_order: 1, strides: [2, 1] }), inputs: [distinct([1, 2, 5, 4])] },
      {
        name: "pads as wide as the kernel",
        attrs: windows([2, 2], { pads: [2, 0, 0, 0] }),
        inputs: [distinct([1, 1, 4, 4])],
        refused: "UNSUPPORTED_OPERATOR",
      },
      {
        name: "indices in column-major order",
        attrs: windows([2, 2], { storage_order: 1 }),
        inputs: [distinct([1, 1, 4, 4])],
        outputs: 2,
        refused: "UNSUPPORTED_OPERATOR",
      },
      { name: "a window larger than the picture", attrs: windows([5, 5]), inputs: [distinct([1, 1, 4, 4])], refused: "SHAPE_MISMATCH" },
    ],
    AveragePool: [
      ...droppedWindows(normal),
      ...droppedWindows(normal, { count_include_pad: 1 }),
      { name: "dilated, with SAME_LOWER", attrs: sameDilated, inputs: [normal([1, 2, 7, 6])], linear: [0] },
      {
        name: "with gaps, with SAME_UPPER",
        attrs: windows([2, 1], { auto_pad: "SAME_UPPER", strides: [4, 3] }),
        inputs: [normal([1, 2, 8, 6])],
        linear: [0],
      },
      { name: "side by side", attrs: windows([2, 2], { strides: [2, 2] }), inputs: [normal([2, 3, 6, 8])], linear: [0] },
      { name: "side by side, a rest left out", attrs: windows([3, 2], { strides: [3, 2] }), inputs: [normal([1, 2, 8, 7])], linear: [0] },
      { name: "side by side, padded", attrs: windows([3, 3], { strides: [3, 3], pads: [1, 1, 1, 1] }), inputs: [normal([1, 2, 7, 8])], linear: [0] },
      { name: "padded, at stride 1", attrs: windows([3, 3], { pads: [1, 1, 1, 1] }), inputs: [normal([1, 2, 5, 6])], linear: [0] },
      {
        name: "padding counted, at stride 1",
        attrs: windows([3, 3], { pads: [1, 0, 1, 2], count_include_pad: 1 }),
        inputs: [normal([1, 2, 5, 6])],
        linear: [0],
      },
      { name: "overlapping", attrs: windows([3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }), inputs: [normal([1, 2, 8, 9])], linear: [0] },
      {
        name: "overlapping, padding counted",
        attrs: windows([3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }),
        inputs: [normal([1, 2, 8, 9])],
        linear: [0],
      },
      { name: "beyond the end", attrs: windows([3, 3], { strides: [2, 2], ceil_mode: 1 }), inputs: [normal([1, 2, 8, 6])], linear: [0] },
      { name: "side by side, beyond the end", attrs: windows([2, 2], { strides: [2, 2], ceil_mode: 1 }), inputs: [normal([1, 2, 5, 7])], linear: [0] },
      {
        name: "beyond the end, padding counted",
        attrs: windows([3, 3], { strides: [2, 2], ceil_mode: 1, pads: [1, 1, 1, 1], count_include_pad: 1 }),
        inputs: [normal([1, 2, 6, 8])],
        linear: [0],
      },
      {
        name: "beyond the end, padded",
        attrs: windows([3, 3], { strides: [2, 2], ceil_mode: 1, pads: [1, 1, 1, 1] }),
        inputs: [normal([1, 2, 6, 8])],
        linear: [0],
      },
      { name: "dilated", attrs: windows([2, 3], { dilations: [2, 2], pads: [1, 1, 1, 1] }), inputs: [normal([1, 2, 6, 8])], linear: [0] },
      {
        name: "dilated, padding counted",
        attrs: windows([2, 2], { dilations: [2, 3], strides: [2, 1], pads: [1, 1, 0, 1], count_include_pad: 1 }),
        inputs: [normal([1, 2, 6, 8])],
        linear: [0],
      },
      { name: "with gaps", attrs: windows([2, 2], { strides: [3, 4] }), inputs: [normal([1, 2, 8, 9])], linear: [0] },
      { name: "with SAME_UPPER", attrs: windows([3, 2], { strides: [2, 2], auto_pad: "SAME_UPPER" }), inputs: [normal([1, 2, 6, 7])], linear: [0] },
      { name: "with SAME_LOWER", attrs: windows([2, 2], { auto_pad: "SAME_LOWER" }), inputs: [normal([1, 2, 5, 7])], linear: [0] },
      { name: "in one dimension", attrs: windows([3], { strides: [2], pads: [1, 1] }), inputs: [normal([2, 3, 9])], linear: [0] },
      {
        name: "in three dimensions",
        attrs: windows([2, 3, 2], { strides: [1, 2, 2], pads: [0, 1, 0, 1, 1, 0] }),
        inputs: [normal([1, 2, 4, 5, 6])],
        linear: [0],
      },
      { name: "in three dimensions, side by side", attrs: windows([2, 2, 2], { strides: [2, 2, 2] }), inputs: [normal([1, 2, 4, 5, 6])], linear: [0] },
    ],
    LpPool: [
      ...droppedWindows((shape) => awayFrom(shape, 0)),
      { name: "dilated, with SAME_LOWER", attrs: sameDilated, inputs: [normal([1, 2, 7, 6])] },
      { name: "overlapping", attrs: windows([3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }), inputs: [normal([1, 2, 7, 6])] },
      { name: "side by side", attrs: windows([2, 2], { strides: [2, 2] }), inputs: [normal([1, 2, 6, 4])] },
      { name: "of norm 1", attrs: windows([2, 2], { p: 1 }), inputs: [awayFrom([1, 2, 5, 4], 0)] },
      { name: "of norm 3", attrs: windows([2, 3], { p: 3, strides: [2, 1] }), inputs: [positive([1, 2, 5, 6])] },
      { name: "beyond the end", attrs: windows([3, 3], { strides: [2, 2], ceil_mode: 1 }), inputs: [normal([1, 2, 8, 6])] },
      { name: "in one dimension", attrs: windows([3], { strides: [2] }), inputs: [normal([2, 3, 9])] },
    ],
    GlobalAveragePool: [
      { name: "without space", inputs: [normal([2, 3])], refused: "UNSUPPORTED_OPERATOR" },
      { name: "of pictures", inputs: [normal([2, 3, 4, 5])], linear: [0] },
      { name: "in one dimension", inputs: [normal([2, 3, 4])], linear: [0] },
    ],
    GlobalMaxPool: [
      { name: "of pictures", inputs: [distinct([2, 3, 4, 5])] },
      { name: "in three dimensions", inputs: [distinct([1, 2, 2, 3, 4])] },
    ],
    GlobalLpPool: [
      { name: "of pictures", inputs: [normal([2, 3, 4, 5])] },
      { name: "of norm 3", attrs: { p: 3 }, inputs: [awayFrom([1, 2, 3, 4], 0)] },
    ],
    MaxUnpool: [
      { name: "of 2×2", attrs: windows([2, 2], { strides: [2, 2] }), inputs: [normal([1, 1, 2, 2]), given([1, 1, 2, 2], [1, 3, 8, 15], "int64")], linear: [0] },
      {
        name: "in one dimension, padded",
        attrs: windows([3], { strides: [2], pads: [1, 0] }),
        inputs: [normal([1, 2, 2]), given([1, 2, 2], [0, 3, 5, 6], "int64")],
        linear: [0],
      },
    ],
  },
  { float32: ["MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool", "MaxUnpool"] },
);
