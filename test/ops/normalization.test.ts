import { testFamily } from "./family.ts";
import { awayFrom, fixed, normal, positive } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const image = normal([2, 6, 3, 4]);
const channels = [normal([6]), normal([6])];

function lrn(size: number): OpCase {
  return { name: `a window of ${size}`, attrs: { size, alpha: 0.5, beta: 0.75, bias: 1.5 }, inputs: [normal([2, 7, 2, 3])] };
}

function layer(name: string, attrs: Readonly<Record<string, unknown>>, scale: readonly number[], more: Partial<OpCase> = {}): OpCase {
  return { name, attrs, inputs: [normal([2, 3, 5]), normal(scale), normal(scale)], linear: [2], ...more };
}

testFamily(
  "normalization",
  {
    BatchNormalization: [
      { name: "images", inputs: [image, ...channels, normal([6]), positive([6])], linear: [0, 1, 2, 3], tolerance: 1e-4 },
      { name: "constant parameters", attrs: { epsilon: 0.1 }, inputs: [image, ...channels.map(fixed), fixed(normal([6])), fixed(positive([6]))], linear: [0] },
      { name: "rows", inputs: [normal([4, 3]), normal([3]), normal([3]), normal([3]), positive([3])], linear: [0, 1, 2, 3] },
      { name: "volumes", inputs: [normal([1, 2, 2, 3, 2]), normal([2]), normal([2]), normal([2]), positive([2])], linear: [0, 1, 2, 3] },
      { name: "parameters of other channels", inputs: [image, ...channels, normal([5]), positive([6])], refused: "SHAPE_MISMATCH" },
      { name: "variances left out", inputs: [image, ...channels, normal([6]), undefined], refused: "BAD_MODEL" },
      { name: "one channel of numbers", inputs: [normal([4]), normal([1]), normal([1]), normal([1]), positive([1])], linear: [0, 1, 2, 3] },
      { name: "training mode", attrs: { training_mode: 1 }, inputs: [image, ...channels, normal([6]), positive([6])], refused: "UNSUPPORTED_OPERATOR" },
    ],
    InstanceNormalization: [
      { name: "images", inputs: [image, ...channels], linear: [1, 2] },
      { name: "sequences", attrs: { epsilon: 0.1 }, inputs: [normal([2, 6, 5]), ...channels], linear: [1, 2] },
    ],
    GroupNormalization: [1, 2, 3, 6].map((num_groups) => ({
      name: `${num_groups} groups`,
      attrs: { num_groups },
      inputs: [image, ...channels],
      linear: [1, 2],
    })),
    LayerNormalization: [
      layer("the last axis", {}, [5]),
      layer("from axis 1", { axis: 1, epsilon: 0.1 }, [3, 5]),
      layer("all axes", { axis: -3 }, [2, 3, 5]),
      { name: "with its statistics", attrs: { axis: 1 }, inputs: [normal([2, 3, 5]), normal([3, 5]), normal([3, 5])], outputs: 3 },
      { name: "without bias", inputs: [normal([2, 3, 5]), normal([5])], linear: [1] },
      { name: "constant parameters", inputs: [normal([2, 3, 5]), fixed(normal([5])), fixed(normal([5]))] },
    ],
    MeanVarianceNormalization: [
      { name: "the usual axes", inputs: [image] },
      { name: "over space", attrs: { axes: [2, 3] }, inputs: [image] },
    ],
    LpNormalization: [1, 2].flatMap((p) =>
      [-1, 1].map((axis): OpCase => ({ name: `p ${p} along axis ${axis}`, attrs: { p, axis }, inputs: [awayFrom([2, 3, 4], 0)] })),
    ),
    LRN: [
      ...[1, 3, 5].map(lrn),
      { name: "of an even size", attrs: { size: 4 }, inputs: [normal([1, 6, 2, 2])], refused: "UNSUPPORTED_OPERATOR" },
      { name: "of series", attrs: { size: 3 }, inputs: [normal([1, 6, 2])], refused: "UNSUPPORTED_OPERATOR" },
    ],
  },
  { float32: ["LRN", "MeanVarianceNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization"] },
);
