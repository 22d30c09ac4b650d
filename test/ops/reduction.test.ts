import { testFamily } from "./family.ts";
import { awayFrom, type CaseInput, distinct, given, int, ints, normal, positive } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

/** The ways in which every reduction names its axes. */
function reductions(x: (shape: readonly number[]) => CaseInput, linear?: readonly number[]): OpCase[] {
  return [
    { name: "of two axes", inputs: [x([2, 3, 4]), ints(0, -1)], linear },
    { name: "of one axis that is dropped", attrs: { keepdims: 0 }, inputs: [x([2, 3, 4]), ints(1)], linear },
    { name: "of everything", attrs: { keepdims: 0 }, inputs: [x([2, 3])], linear },
    { name: "of no axes", attrs: { noop_with_empty_axes: 1 }, inputs: [x([2, 3])], linear },
    { name: "of no axes, which are empty", attrs: { noop_with_empty_axes: 1, keepdims: 0 }, inputs: [x([2, 3]), ints()], linear },
    { name: "of all axes, as none is named", inputs: [x([2, 3]), ints()], linear },
    { name: "of a scalar", inputs: [x([])], linear },
    { name: "of space", attrs: { keepdims: 1 }, inputs: [x([2, 2, 3, 4]), ints(2, 3)], linear },
  ];
}

/** Equal extrema: the gradient goes to the first. */
function withTies(extremum: number): OpCase[] {
  const values = [1, extremum, 0, extremum, 2, extremum].map((v) => (v === extremum ? v : v - 1));
  return [{ name: "flat where all are equal", attrs: { keepdims: 0 }, inputs: [given([2, 3], values, "float32"), ints(1)] }];
}

testFamily("reduction", {
  ReduceSum: [
    ...reductions(normal, [0]),
    { name: "axes known at run time only", inputs: [normal([2, 3]), given([1], [0], "int64")], refused: "UNSUPPORTED_OPERATOR" },
    { name: "an axis that does not exist", inputs: [normal([2, 3]), ints(2)], refused: "BAD_MODEL" },
  ],
  ReduceMean: reductions(normal, [0]),
  ReduceMax: [...reductions(distinct), ...withTies(5)],
  ReduceMin: [...reductions(distinct), ...withTies(-5)],
  ReduceProd: [...reductions(positive), { name: "with zeros", inputs: [given([3, 3], [2, 3, 4, 0, 5, 6, 0, 7, 0]), ints(1)] }],
  ReduceL1: reductions((shape) => awayFrom(shape, 0)),
  ReduceL2: reductions((shape) => awayFrom(shape, 0)),
  ReduceSumSquare: reductions(normal),
  ReduceLogSum: reductions(positive),
  ReduceLogSumExp: reductions(normal),
  ArgMax: [
    { name: "along the first axis", inputs: [distinct([3, 4])] },
    { name: "along the last, which is dropped", attrs: { axis: -1, keepdims: 0 }, inputs: [distinct([2, 3, 4])] },
  ],
  ArgMin: [{ name: "along an axis, the last of equals", attrs: { axis: 1, select_last_index: 1 }, inputs: [distinct([2, 3])] }],
  TopK: [
    { name: "largest along the last axis", inputs: [distinct([2, 3, 5]), ints(2)], outputs: 2 },
    { name: "smallest along the first", attrs: { axis: 0, largest: 0 }, inputs: [distinct([5, 3]), ints(3)], outputs: 2 },
    { name: "a number known at run time only", inputs: [distinct([4]), given([1], [2], "int64")], outputs: 2, refused: "UNSUPPORTED_OPERATOR" },
  ],
  CumSum: [
    { name: "along an axis", inputs: [normal([2, 4]), int(1)], linear: [0] },
    { name: "without the element itself, from behind", attrs: { exclusive: 1, reverse: 1 }, inputs: [normal([3, 4]), int(-2)], linear: [0] },
  ],
});
