import { toWeight } from "../../src/ops/weights.ts";
import { float32, int64 } from "../../src/tensor/tensor.ts";
import { testFamily } from "./family.ts";
import { fixed, given, int, ints, normal } from "./inputs.ts";

testFamily("shaping", {
  Shape: [
    { name: "of all axes", inputs: [normal([2, 3, 4])] },
    { name: "of some axes", attrs: { start: 1, end: -1 }, inputs: [normal([2, 3, 4, 5])] },
    { name: "with bounds outside", attrs: { start: -9, end: 9 }, inputs: [normal([2, 3])] },
  ],
  Size: [{ name: "of a tensor", inputs: [normal([2, 3, 4])] }],
  Constant: [
    { name: "from a tensor", attrs: { value: toWeight(float32([2, 2], [1, 2.5, -3, 4])) }, inputs: [] },
    { name: "from a number", attrs: { value_float: 2.5 }, inputs: [] },
    { name: "from numbers", attrs: { value_floats: [1, 2] }, inputs: [] },
    { name: "from an integer", attrs: { value_int: -3 }, inputs: [] },
    { name: "from integers", attrs: { value_ints: [1, 2, 3] }, inputs: [] },
    { name: "of nothing", inputs: [], refused: "UNSUPPORTED_OPERATOR" },
  ],
  ConstantOfShape: [
    { name: "of zeros", inputs: [ints(2, 3)] },
    { name: "of an integer", attrs: { value: toWeight(int64([1], [7])) }, inputs: [ints(4)] },
    { name: "of sizes known at run time only", inputs: [given([1], [2], "int64")], refused: "UNSUPPORTED_OPERATOR" },
  ],
  Range: [
    { name: "upwards", inputs: [int(2), int(11), int(3)] },
    { name: "downwards", inputs: [int(5), int(-2), int(-2)] },
    { name: "of fractions", inputs: [0, 1, 0.3].map((x) => fixed(given([], [x], "float32"))) },
    { name: "that is empty", inputs: [int(2), int(1), int(1)] },
  ],
  EyeLike: [
    { name: "beside the main diagonal", attrs: { k: 1 }, inputs: [normal([3, 4])] },
    { name: "of another dtype", attrs: { dtype: 7 }, inputs: [normal([3, 3])] },
  ],
  RandomUniform: [{ name: "in a shape", attrs: { shape: [2, 3] }, inputs: [] }],
  RandomNormal: [{ name: "in a shape", attrs: { shape: [2, 3], dtype: 11 }, inputs: [] }],
  RandomUniformLike: [{ name: "of an input's shape", inputs: [given([2, 3], [1, 2, 3, 4, 5, 6], "float32")] }],
  RandomNormalLike: [{ name: "of an input's shape", inputs: [given([2, 3], [1, 2, 3, 4, 5, 6], "float32")] }],
  Bernoulli: [{ name: "of an input's shape", inputs: [given([2, 2], [0, 1, 1, 0], "float32")] }],
});
