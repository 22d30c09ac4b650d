import { testFamily } from "./family.ts";
import { fixed, given, ints, normal, scalar } from "./inputs.ts";

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;

testFamily("movement", {
  Reshape: [
    { name: "to other sizes", inputs: [normal([2, 3, 4]), ints(6, 4)], linear: [0] },
    { name: "with a size kept and one left open", inputs: [normal([2, 3, 4]), ints(0, -1)], linear: [0] },
    { name: "to a scalar's shape", inputs: [normal([1, 1]), fixed(given([0], [], "int64"))], linear: [0] },
    { name: "with allowzero", attrs: { allowzero: 1 }, inputs: [normal([0, 3]), ints(3, 0)] },
    { name: "sizes that do not fit", inputs: [normal([2, 3]), ints(4, -1)], refused: "SHAPE_MISMATCH" },
    { name: "two open sizes", inputs: [normal([2, 3]), ints(-1, -1)], refused: "SHAPE_MISMATCH" },
    { name: "sizes known at run time only", inputs: [normal([2, 3]), given([1], [6], "int64")], refused: "UNSUPPORTED_OPERATOR" },
  ],
  Flatten: [
    { name: "behind the batch", inputs: [normal([2, 3, 4])], linear: [0] },
    { name: "before the first axis", attrs: { axis: 0 }, inputs: [normal([2, 3])], linear: [0] },
    { name: "before a negative axis", attrs: { axis: -1 }, inputs: [normal([2, 3, 4])], linear: [0] },
    { name: "behind the last axis", attrs: { axis: 3 }, inputs: [normal([2, 3, 4])], linear: [0] },
  ],
  Squeeze: [
    { name: "of all axes of size 1", inputs: [normal([1, 3, 1, 2])], linear: [0] },
    { name: "of a negative axis", inputs: [normal([1, 3, 1, 2]), ints(-2)], linear: [0] },
    { name: "an axis that is longer", inputs: [normal([1, 3]), ints(1)], refused: "SHAPE_MISMATCH" },
  ],
  Unsqueeze: [
    { name: "in front and behind", inputs: [normal([3, 2]), ints(0, -1)], linear: [0] },
    { name: "an axis named twice", inputs: [normal([3, 2]), ints(0, -4)], refused: "BAD_MODEL" },
  ],
  Transpose: [
    { name: "without an order", inputs: [normal([2, 3, 4])], linear: [0] },
    { name: "in a cycle", attrs: { perm: [2, 0, 3, 1] }, inputs: [normal([2, 3, 4, 5])], linear: [0] },
    { name: "an order that names an axis twice", attrs: { perm: [0, 0] }, inputs: [normal([2, 3])], refused: "BAD_MODEL" },
  ],
  Concat: [
    { name: "of three along the channels", attrs: { axis: 1 }, inputs: [normal([2, 1, 3]), normal([2, 2, 3]), normal([2, 3, 3])], linear: [0, 1, 2] },
    { name: "along a negative axis", attrs: { axis: -1 }, inputs: [normal([2, 1]), normal([2, 3])], linear: [0, 1] },
    { name: "of one", attrs: { axis: 0 }, inputs: [normal([2, 3])], linear: [0] },
    { name: "of sizes that differ elsewhere", attrs: { axis: 1 }, inputs: [normal([2, 1]), normal([3, 1])], refused: "SHAPE_MISMATCH" },
  ],
  Split: [
    { name: "into sizes", attrs: { axis: 1 }, inputs: [normal([2, 6]), ints(1, 2, 3)], outputs: 3 },
    { name: "into unequal numbers of parts", attrs: { axis: -1, num_outputs: 3 }, inputs: [normal([2, 7])], outputs: 3 },
    { name: "into one part", attrs: { num_outputs: 1 }, inputs: [normal([2, 3])], linear: [0] },
    { name: "into sizes that do not add up", inputs: [normal([5]), ints(2, 2)], outputs: 2, refused: "SHAPE_MISMATCH" },
  ],
  Slice: [
    { name: "of two axes", inputs: [normal([4, 5, 6]), ints(1, 2), ints(3, 6), ints(0, 2)], linear: [0] },
    { name: "without axes", inputs: [normal([4, 5]), ints(1, 0), ints(4, 3)], linear: [0] },
    { name: "in steps", inputs: [normal([2, 10]), ints(1), ints(MAX), ints(1), ints(3)], linear: [0] },
    { name: "backwards to the largest end", inputs: [normal([4, 3]), ints(-2, 5), ints(MAX, 2 ** 31 - 1), ints(0, 1), ints(-1, -2)], linear: [0] },
    { name: "in steps that leave a rest", inputs: [normal([2, 9, 7]), ints(0, 1), ints(7, 7), ints(1, 2), ints(2, 4)], linear: [0] },
    { name: "backwards", inputs: [normal([3, 5]), ints(-1), ints(MIN), ints(-1), ints(-1)], linear: [0] },
    { name: "backwards in steps", inputs: [normal([11, 6]), ints(9, -1), ints(1, 0), ints(0, 1), ints(-3, -2)], linear: [0] },
    { name: "with bounds outside", inputs: [normal([4, 5]), ints(-100, 3), ints(100, 99), ints(0, 1)], linear: [0] },
    { name: "backwards with bounds outside", inputs: [normal([4]), ints(100), ints(-100), ints(0), ints(-2)], linear: [0] },
    { name: "that is empty", inputs: [normal([4, 2]), ints(3), ints(1)] },
    {
      name: "with int32 bounds",
      inputs: [normal([4, 5]), fixed(given([1], [1], "int32")), fixed(given([1], [-1], "int32")), fixed(given([1], [1], "int32"))],
      linear: [0],
    },
    { name: "in steps of 0", inputs: [normal([4]), ints(0), ints(4), ints(0), ints(0)], refused: "BAD_MODEL" },
  ],
  Pad: [
    { name: "with zeros", inputs: [normal([2, 3, 4]), ints(0, 1, 2, 1, 0, 3)], linear: [0] },
    { name: "repeated more than once behind", attrs: { mode: "wrap" }, inputs: [normal([2, 3]), ints(2, 1, 5, 7)], linear: [0] },
    { name: "repeated more than once before", attrs: { mode: "wrap" }, inputs: [normal([3]), ints(4, 0)], refused: "UNSUPPORTED_OPERATOR" },
    { name: "reflected more than once", attrs: { mode: "reflect" }, inputs: [normal([3]), ints(0, 3)], refused: "UNSUPPORTED_OPERATOR" },
    { name: "with a number", inputs: [normal([2, 3]), ints(1, 0, 0, 2), scalar(2.5)], linear: [0] },
    { name: "with a number that is an input", inputs: [normal([2, 3]), ints(1, 0, 0, 2), normal([])], linear: [0] },
    { name: "along named axes", inputs: [normal([2, 3, 4]), ints(1, 2, 3, 0), scalar(0), ints(-1, 0)], linear: [0] },
    { name: "with negative pads", inputs: [normal([5, 6]), ints(-1, 2, 1, -3)], linear: [0] },
    { name: "by reflection", attrs: { mode: "reflect" }, inputs: [normal([1, 2, 4, 5]), ints(0, 0, 2, 1, 0, 0, 3, 4)], linear: [0] },
    { name: "by its edge", attrs: { mode: "edge" }, inputs: [normal([2, 3, 4]), ints(0, 2, 1, 0, 1, 5)], linear: [0] },
    { name: "by wrapping around", attrs: { mode: "wrap" }, inputs: [normal([2, 3, 4]), ints(0, 2, 1, 0, 1, 4)], linear: [0] },
    { name: "by reflection with negative pads", attrs: { mode: "reflect" }, inputs: [normal([6, 7]), ints(-2, 2, 2, -1)], linear: [0] },
    { name: "by its edge with negative pads", attrs: { mode: "edge" }, inputs: [normal([6, 7]), ints(-2, 2, 2, -1)], linear: [0] },
    { name: "too few pads", inputs: [normal([2, 3]), ints(1, 1)], refused: "SHAPE_MISMATCH" },
  ],
  Expand: [
    { name: "to more axes", inputs: [normal([3, 1]), ints(2, 3, 4)], linear: [0] },
    { name: "to a smaller shape", inputs: [normal([2, 3, 4]), ints(3, 1)], linear: [0] },
    { name: "of a scalar", inputs: [normal([]), ints(2, 3)], linear: [0] },
    { name: "to sizes that do not fit", inputs: [normal([2, 3]), ints(2, 4)], refused: "SHAPE_MISMATCH" },
  ],
  Tile: [
    { name: "along two axes", inputs: [normal([2, 3, 1]), ints(1, 2, 3)], linear: [0] },
    { name: "with too few repeats", inputs: [normal([2, 3]), ints(2)], refused: "SHAPE_MISMATCH" },
  ],
  DepthToSpace: [
    { name: "depth first", attrs: { blocksize: 2 }, inputs: [normal([2, 8, 2, 3])], linear: [0] },
    { name: "column first", attrs: { blocksize: 3, mode: "CRD" }, inputs: [normal([1, 18, 2, 3])], linear: [0] },
    { name: "channels that do not fit", attrs: { blocksize: 2 }, inputs: [normal([1, 6, 2, 2])], refused: "SHAPE_MISMATCH" },
  ],
  SpaceToDepth: [{ name: "in blocks of 2", attrs: { blocksize: 2 }, inputs: [normal([2, 3, 4, 6])], linear: [0] }],
  ReverseSequence: [
    { name: "along the time", inputs: [normal([4, 3, 2]), fixed(given([3], [4, 2, 1], "int64"))], linear: [0] },
    { name: "with the batch first", attrs: { batch_axis: 0, time_axis: 1 }, inputs: [normal([2, 4]), fixed(given([2], [3, 4], "int64"))], linear: [0] },
  ],
  Trilu: [
    { name: "upper", inputs: [normal([2, 3, 4])], linear: [0] },
    { name: "lower, from a diagonal", attrs: { upper: 0 }, inputs: [normal([4, 4]), fixed(given([], [-1], "int64"))], linear: [0] },
  ],
});
