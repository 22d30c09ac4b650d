import { testFamily } from "./family.ts";
import { fixed, given, normal } from "./inputs.ts";

const indices = (shape: readonly number[], ...values: readonly number[]) => given(shape, values, "int64");

testFamily("indexing", {
  Gather: [
    { name: "at a constant place", attrs: { axis: 1 }, inputs: [normal([2, 3, 4]), fixed(indices([], -1))], linear: [0] },
    { name: "at evenly spaced places", attrs: { axis: -1 }, inputs: [normal([2, 7]), fixed(indices([3], 1, 3, 5))], linear: [0] },
    { name: "of the same element over and over", inputs: [normal([3, 2]), fixed(indices([5], 1, 1, 1, 2, 0))], linear: [0] },
    {
      name: "at many constant places",
      attrs: { axis: 1 },
      inputs: [normal([2, 6]), fixed(indices([4, 5], 5, 0, 2, 2, 1, 4, 4, 0, 3, 5, 1, 5, 2, 0, 3, 3, 1, 0, 2, 5))],
      linear: [0],
    },
    { name: "at places that are an input", attrs: { axis: 1 }, inputs: [normal([2, 3, 2]), indices([2, 2], 0, -1, 1, 2)], linear: [0] },
  ],
  GatherElements: [
    { name: "along an axis that does not exist", attrs: { axis: 2 }, inputs: [normal([2, 3]), fixed(given([1, 3], [0, 1, 0], "int64"))], refused: "BAD_MODEL" },
    { name: "along the last axis", attrs: { axis: -1 }, inputs: [normal([2, 4]), indices([2, 3], 3, 0, 0, 1, 1, 2)], linear: [0] },
    { name: "along the first, fewer columns", inputs: [normal([3, 3]), indices([2, 2], 2, 0, -1, 1)], linear: [0] },
  ],
  GatherND: [
    { name: "of elements", inputs: [normal([3, 4]), indices([3, 2], 0, 1, 2, 3, 0, 1)], linear: [0] },
    { name: "of slices", inputs: [normal([3, 4]), indices([2, 1], 2, 0)], linear: [0] },
    { name: "in batches", attrs: { batch_dims: 1 }, inputs: [normal([2, 3, 4]), indices([2, 2, 1], 2, 0, 1, 1)], linear: [0] },
    { name: "in two axes of batches", attrs: { batch_dims: 2 }, inputs: [normal([2, 3, 4]), indices([2, 3, 1], 2, 0, 1, 1, 3, 3)], linear: [0] },
  ],
  ScatterElements: [
    { name: "with fewer updates than indices", inputs: [normal([2, 3]), fixed(given([1, 3], [0, 1, 0], "int64")), normal([1, 2])], refused: "SHAPE_MISMATCH" },
    { name: "that writes over", attrs: { axis: 1 }, inputs: [normal([2, 4]), indices([2, 2], 3, 0, 1, 2), normal([2, 2])], linear: [0, 2] },
    { name: "that adds", attrs: { reduction: "add" }, inputs: [normal([3, 2]), indices([2, 2], 0, 1, 0, 2), normal([2, 2])], linear: [0, 2] },
    { name: "that keeps the greatest", attrs: { reduction: "max", axis: 1 }, inputs: [normal([2, 4]), indices([2, 2], 3, 0, 1, 1), normal([2, 2])] },
  ],
  ScatterND: [
    { name: "that writes over", inputs: [normal([3, 4]), indices([2, 1], 2, 0), normal([2, 4])], linear: [0, 2] },
    { name: "that adds", attrs: { reduction: "add" }, inputs: [normal([3, 2]), indices([3, 2], 0, 1, 0, 1, 2, 0), normal([3])], linear: [0, 2] },
    { name: "that keeps the greatest", attrs: { reduction: "max" }, half: false, inputs: [normal([3, 4]), indices([3, 1], 2, 0, 2), normal([3, 4])] },
    { name: "that keeps the least", attrs: { reduction: "min" }, half: false, inputs: [normal([3, 2]), indices([3, 2], 0, 1, 0, 1, 2, 0), normal([3])] },
    { name: "that multiplies", attrs: { reduction: "mul" }, half: false, inputs: [normal([3, 2]), indices([3, 2], 0, 1, 0, 1, 2, 0), normal([3])] },
  ],
  OneHot: [
    { name: "along a new last axis", inputs: [indices([3], 0, 2, 1), fixed(indices([], 4)), fixed(given([2], [0, 1]))] },
    { name: "along a new first axis", attrs: { axis: 0 }, inputs: [indices([2, 2], 0, 2, 1, -1), fixed(indices([1], 3)), fixed(given([2], [-1, 1]))] },
    { name: "a depth known at run time only", inputs: [indices([3], 0, 2, 1), indices([], 4), fixed(given([2], [0, 1]))], refused: "UNSUPPORTED_OPERATOR" },
  ],
  NonZero: [
    { name: "of a constant", inputs: [fixed(given([2, 3], [0, 1, 2, 0, 0, 3], "int64"))] },
    { name: "what is known at run time only", inputs: [normal([2, 3])], refused: "UNSUPPORTED_OPERATOR" },
  ],
  Compress: [
    { name: "along an axis", attrs: { axis: 1 }, inputs: [normal([2, 5]), fixed(given([5], [1, 0, 1, 1, 0], "bool"))], linear: [0] },
    { name: "of all elements", inputs: [normal([2, 3]), fixed(given([5], [0, 1, 0, 1, 1], "bool"))], linear: [0] },
    { name: "by what is known at run time only", inputs: [normal([2]), given([2], [0, 1], "bool")], refused: "UNSUPPORTED_OPERATOR" },
  ],
});
