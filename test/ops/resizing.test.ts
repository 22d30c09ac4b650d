import { testFamily } from "./family.ts";
import { type CaseInput, fixed, given, ints, normal, uniform } from "./inputs.ts";
import type { OpCase } from "./op-case.ts";

const scales = (...values: readonly number[]): CaseInput => fixed(given([values.length], values, "float32"));

const coordinateModes = ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"];
const nearestModes = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];

/** Every coordinate mode, enlarging and shrinking, by scales and by sizes. */
function everyMode(mode: string, attrs: Readonly<Record<string, unknown>> = {}): OpCase[] {
  return coordinateModes.flatMap((coordinates) => {
    const all = { mode, coordinate_transformation_mode: coordinates, ...attrs };
    const name = [mode, coordinates, ...Object.values(attrs)].join(", ");
    return [
      { name: `${name}, by scales`, attrs: all, inputs: [normal([1, 2, 5, 6]), undefined, scales(1, 1, 1.7, 0.6)], linear: [0] },
      { name: `${name}, by sizes`, attrs: all, inputs: [normal([2, 1, 4, 7]), undefined, undefined, ints(2, 1, 9, 3)], linear: [0] },
    ];
  });
}

/** Coordinates at or next to where the nearest element changes: the last digit of ONNX Runtime's float32 decides. */
const boundaries: readonly OpCase[] = (
  [
    ["half_pixel_symmetric", "floor", [5, 6], [0.7, 0.5]],
    ["half_pixel_symmetric", "round_prefer_floor", [12, 13], [2, 1 / 3]],
    ["half_pixel", "round_prefer_ceil", [20, 21], [2.5, 0.3]],
    ["half_pixel", "round_prefer_floor", [20, 22], [1.3, 2]],
    ["asymmetric", "round_prefer_ceil", [13, 14], [0.7, 1.2]],
    ["tf_half_pixel_for_nn", "floor", [5, 6], [1.7, 0.6]],
    ["tf_half_pixel_for_nn", "round_prefer_ceil", [5, 6], [0.7, 2.5]],
  ] as const
).map(([coordinates, nearest, space, factors]) => ({
  name: `nearest, ${coordinates}, ${nearest}, at the boundaries of ${space.join("×")} by ${factors.map((n) => n.toFixed(2)).join(" and ")}`,
  attrs: { coordinate_transformation_mode: coordinates, nearest_mode: nearest },
  inputs: [normal([1, 2, ...space]), undefined, scales(1, 1, ...factors)],
  linear: [0],
}));

const crop = { coordinate_transformation_mode: "tf_crop_and_resize", extrapolation_value: 2.5 };

testFamily(
  "resizing",
  {
    Resize: [
      ...nearestModes.flatMap((nearest) => everyMode("nearest", { nearest_mode: nearest })),
      ...everyMode("linear"),
      ...everyMode("cubic"),
      ...everyMode("linear", { antialias: 1 }),
      ...everyMode("cubic", { antialias: 1 }),
      ...boundaries,
      {
        name: "sizes multiplied in float32",
        attrs: { nearest_mode: "floor" },
        inputs: [normal([1, 1, 10, 5]), undefined, scales(1, 1, 1.3, 1.4)],
        linear: [0],
      },
      { name: "to nothing", attrs: { mode: "linear" }, inputs: [normal([1, 1, 1, 2]), undefined, scales(1, 1, 0.5, 2)], linear: [0] },
      { name: "scales that change no size", attrs: { nearest_mode: "floor" }, inputs: [normal([1, 1, 5, 6]), undefined, scales(1, 1, 1.1, 1.15)], linear: [0] },
      {
        name: "a scale that does not change the size, antialiased",
        attrs: { mode: "linear", antialias: 1 },
        inputs: [normal([1, 1, 5, 6]), undefined, scales(1, 1, 1.3, 1.1)],
        linear: [0],
      },
      {
        name: "of a region, a scale that does not change the size, antialiased",
        attrs: { mode: "cubic", antialias: 1, ...crop },
        inputs: [normal([1, 1, 5, 6]), scales(0, 0, 0.2, -0.3, 1, 1, 0.8, 1.1), scales(1, 1, 1.3, 1.1)],
        linear: [0],
      },
      {
        name: "of a region, one side of the same size",
        attrs: crop,
        inputs: [normal([1, 2, 5, 6]), scales(0, 0, 0.2, -0.3, 1, 1, 0.8, 1.1), undefined, ints(1, 2, 8, 6)],
        linear: [0],
      },
      {
        name: "linear, channels and space",
        attrs: { mode: "linear" },
        inputs: [normal([1, 2, 3, 3]), undefined, scales(1, 2, 2, 2)],
        refused: "UNSUPPORTED_OPERATOR",
      },
      {
        name: "cubic, channels last, smaller",
        attrs: { mode: "cubic" },
        inputs: [normal([1, 4, 4, 2]), undefined, scales(1, 0.5, 2, 1)],
        refused: "UNSUPPORTED_OPERATOR",
      },
      {
        name: "cubic, channels last, smaller, antialiased",
        attrs: { mode: "cubic", antialias: 1 },
        inputs: [normal([1, 4, 4, 2]), undefined, scales(1, 0.5, 2, 1)],
        linear: [0],
      },
      {
        name: "an unknown mode of coordinates",
        attrs: { coordinate_transformation_mode: "thirds" },
        inputs: [normal([1, 1, 3, 3]), undefined, scales(1, 1, 2, 2)],
        refused: "BAD_MODEL",
      },
      { name: "nearest, by 2", attrs: { nearest_mode: "floor" }, inputs: [normal([2, 3, 3, 4]), undefined, scales(1, 1, 2, 2)], linear: [0] },
      {
        name: "nearest, by 2 and 3, asymmetric",
        attrs: { coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
        inputs: [normal([1, 2, 3, 4]), undefined, scales(1, 1, 2, 3)],
        linear: [0],
      },
      { name: "nearest, of batch and channels", inputs: [normal([2, 3, 2, 2]), undefined, scales(2, 1.5, 2, 1)], linear: [0] },
      { name: "nearest, in one dimension", inputs: [normal([1, 2, 5]), undefined, scales(1, 1, 2.3)], linear: [0] },
      { name: "nearest, in four dimensions", inputs: [normal([1, 1, 2, 3, 2, 2]), undefined, scales(1, 1, 2, 2, 1, 3)], linear: [0] },
      { name: "nearest, in three dimensions", inputs: [normal([1, 1, 2, 3, 4]), undefined, scales(1, 1, 2, 2, 0.5)], linear: [0] },
      { name: "linear, by 2", attrs: { mode: "linear" }, inputs: [normal([1, 3, 4, 5]), undefined, scales(1, 1, 2, 2)], linear: [0] },
      { name: "linear, in one dimension", attrs: { mode: "linear" }, inputs: [normal([1, 2, 5]), undefined, scales(1, 1, 1.6)], linear: [0] },
      {
        name: "linear, in three dimensions",
        attrs: { mode: "linear" },
        inputs: [normal([1, 2, 3, 2, 4]), undefined, undefined, ints(1, 2, 4, 3, 2)],
        linear: [0],
      },
      {
        name: "linear, down to one element",
        attrs: { mode: "linear", coordinate_transformation_mode: "pytorch_half_pixel" },
        inputs: [normal([1, 2, 5, 4]), undefined, undefined, ints(1, 2, 1, 1)],
        linear: [0],
      },
      { name: "linear, channels last", attrs: { mode: "linear" }, inputs: [normal([1, 3, 4, 2]), undefined, scales(1, 2, 1.5, 1)], linear: [0] },
      { name: "along named axes", attrs: { mode: "linear", axes: [2, 3] }, inputs: [normal([1, 2, 4, 5]), undefined, undefined, ints(6, 7)], linear: [0] },
      { name: "along one named axis", attrs: { axes: [-1] }, inputs: [normal([1, 2, 4, 5]), undefined, scales(2.2)], linear: [0] },
      {
        name: "no larger than",
        attrs: { mode: "linear", axes: [2, 3], keep_aspect_ratio_policy: "not_larger" },
        inputs: [normal([1, 2, 4, 6]), undefined, undefined, ints(7, 8)],
        linear: [0],
      },
      {
        name: "no smaller than",
        attrs: { axes: [2, 3], keep_aspect_ratio_policy: "not_smaller" },
        inputs: [normal([1, 2, 4, 6]), undefined, undefined, ints(7, 8)],
        linear: [0],
      },
      {
        name: "cubic with another coefficient",
        attrs: { mode: "cubic", cubic_coeff_a: -0.5 },
        inputs: [normal([1, 2, 5, 6]), undefined, scales(1, 1, 1.5, 2)],
        linear: [0],
      },
      {
        name: "cubic without what lies outside",
        attrs: { mode: "cubic", exclude_outside: 1 },
        inputs: [normal([1, 2, 5, 6]), undefined, scales(1, 1, 1.5, 0.7)],
        linear: [0],
      },
      {
        name: "linear, of a region",
        attrs: { mode: "linear", ...crop },
        inputs: [normal([1, 2, 5, 6]), scales(0, 0, 0.2, -0.3, 1, 1, 0.8, 1.1), undefined, ints(1, 2, 4, 7)],
        linear: [0],
      },
      {
        name: "nearest, of a region",
        attrs: crop,
        inputs: [normal([1, 2, 5, 6]), scales(0, 0, 0.2, -0.3, 1, 1, 0.8, 1.1), undefined, ints(1, 2, 4, 7)],
        linear: [0],
      },
      {
        name: "cubic, of a region",
        attrs: { mode: "cubic", ...crop },
        inputs: [normal([1, 2, 5, 6]), scales(0, 0, 0.2, -0.3, 1, 1, 0.8, 1.1), undefined, ints(1, 2, 4, 7)],
        linear: [0],
      },
      {
        name: "of a region, by scales",
        attrs: { mode: "linear", ...crop },
        inputs: [normal([1, 2, 6, 6]), scales(0, 0, 0.25, 0, 1, 1, 0.75, 1), scales(1, 1, 2, 1.5)],
        linear: [0],
      },
      { name: "with empty scales", inputs: [normal([1, 1, 3, 4]), undefined, fixed(given([0], [], "float32")), ints(1, 1, 6, 5)], linear: [0] },
      {
        name: "sizes known at run time only",
        inputs: [normal([1, 1, 3, 4]), undefined, undefined, given([4], [1, 1, 6, 8], "int64")],
        refused: "UNSUPPORTED_OPERATOR",
      },
    ],
    AffineGrid: [
      { name: "of pictures", inputs: [normal([2, 2, 3]), ints(2, 1, 3, 4)], linear: [0] },
      { name: "of volumes, corners aligned", attrs: { align_corners: 1 }, inputs: [normal([1, 3, 4]), ints(1, 1, 2, 3, 1)], linear: [0] },
      { name: "of sizes known at run time only", inputs: [normal([1, 2, 3]), given([4], [1, 1, 2, 2], "int64")], refused: "UNSUPPORTED_OPERATOR" },
    ],
    GridSample: ["zeros", "border", "reflection"].flatMap((padding) =>
      ["linear", "nearest"].flatMap((mode) =>
        [0, 1].map((corners) => ({
          name: `${mode}, ${padding}${corners ? ", corners aligned" : ""}`,
          attrs: { mode, padding_mode: padding, align_corners: corners },
          inputs: [normal([2, 3, 4, 5]), fixed(uniform([2, 3, 4, 2], -1.7, 1.7))],
          linear: [0],
        })),
      ),
    ),
  },
  { float32: ["Resize", "GridSample"] },
);
