import { testFamily } from "./family.ts";
import { awayFrom, type CaseInput, distinct, fixed, given, normal, scalar, uniform } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

type Attrs = Readonly<Record<string, unknown>>;

/** One case for every set of attributes. */
function withAttrs(input: CaseInput, ...sets: readonly Attrs[]): OpCase[] {
  return sets.map((attrs) => ({ name: Object.keys(attrs).length ? JSON.stringify(attrs) : "defaults", attrs, inputs: [input] }));
}

const offZero = awayFrom([2, 3, 4], 0);
const wide = uniform([4, 5], -8, 8);
const smooth = normal([2, 3, 4]);
const axes = [{}, { axis: 1 }, { axis: 0 }, { axis: -2 }];

testFamily(
  "activation",
  {
    Relu: withAttrs(offZero, {}),
    LeakyRelu: withAttrs(offZero, {}, { alpha: 0.3 }, { alpha: 1 }, { alpha: 0 }, { alpha: -0.5 }, { alpha: 2 }),
    PRelu: [
      { name: "a slope for every element", inputs: [offZero, normal([2, 3, 4])], linear: [1] },
      { name: "a slope for every channel", inputs: [awayFrom([2, 3, 2, 2], 0), normal([3, 1, 1])], linear: [1] },
      { name: "one slope", inputs: [offZero, normal([1])], linear: [1] },
      { name: "slopes of more than the input", inputs: [normal([3]), normal([2, 3])], refused: "SHAPE_MISMATCH" },
      { name: "constant slopes", inputs: [offZero, fixed(normal([4]))] },
    ],
    Elu: withAttrs(offZero, {}, { alpha: 0.5 }),
    Selu: withAttrs(offZero, {}, { alpha: 1.5, gamma: 2 }),
    Celu: withAttrs(offZero, {}, { alpha: 0.5 }, { alpha: 2 }),
    Sigmoid: withAttrs(smooth, {}),
    HardSigmoid: [
      ...withAttrs(awayFrom([4, 5], -2.5, 2.5), {}),
      ...withAttrs(awayFrom([4, 5], -3, 3), { alpha: 1 / 6, beta: 0.5 }),
      ...withAttrs(awayFrom([4, 5], -0.5, 1.5), { alpha: 0.5, beta: 0.25 }),
    ],
    HardSwish: withAttrs(awayFrom([4, 5], -3, 3), {}),
    Tanh: withAttrs(smooth, {}),
    Softplus: withAttrs(smooth, {}),
    Softsign: withAttrs(offZero, {}),
    ThresholdedRelu: [
      ...withAttrs(awayFrom([4, 5], 1), {}),
      ...withAttrs(awayFrom([4, 5], 0.5), { alpha: 0.5 }),
      ...withAttrs(awayFrom([4, 5], -1), { alpha: -1 }),
    ],
    Shrink: [...withAttrs(awayFrom([4, 5], -0.5, 0.5), {}), ...withAttrs(awayFrom([4, 5], -1, 1), { bias: 0.4, lambd: 1 })],
    Mish: withAttrs(wide, {}),
    Gelu: withAttrs(wide, {}, { approximate: "none" }, { approximate: "tanh" }),
    "com.microsoft.Gelu": withAttrs(wide, {}),
    "com.microsoft.BiasGelu": [{ name: "a bias along the last axis", inputs: [wide, normal([5])] }],
    "com.microsoft.FastGelu": [
      { name: "without bias", inputs: [wide] },
      { name: "a bias along the last axis", inputs: [wide, normal([5])] },
    ],
    "com.microsoft.QuickGelu": withAttrs(wide, {}, { alpha: 1 }),
    Clip: [
      { name: "between constants", inputs: [awayFrom([4, 5], 0, 1), scalar(0), scalar(1)] },
      { name: "from below", inputs: [awayFrom([4, 5], -1), scalar(-1)] },
      { name: "from above", inputs: [awayFrom([4, 5], 1), undefined, scalar(1)] },
      { name: "without bounds", inputs: [offZero], linear: [0] },
      { name: "between tensors", inputs: [awayFrom([4, 5], -0.5, 0.5), given([], [-0.5]), given([], [0.5])] },
      { name: "int64", inputs: [given([3], [-3, 1, 7], "int64"), fixed(given([], [0], "int64")), fixed(given([], [5], "int64"))] },
    ],
    Softmax: withAttrs(smooth, ...axes),
    LogSoftmax: withAttrs(smooth, ...axes),
    Hardmax: withAttrs(distinct([2, 3, 4]), ...axes),
  },
  {
    float32: [
      "PRelu",
      "HardSwish",
      "Shrink",
      "Mish",
      "Hardmax",
      "LeakyRelu",
      "Elu",
      "Selu",
      "Celu",
      "Softplus",
      "Softsign",
      "HardSigmoid",
      "ThresholdedRelu",
      "Gelu",
      "com.microsoft.Gelu",
      "com.microsoft.BiasGelu",
      "com.microsoft.FastGelu",
      "com.microsoft.QuickGelu",
    ],
  },
);
