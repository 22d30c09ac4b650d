// Where the elements of a resized axis lie in the original: ONNX's coordinate transformation modes, rounded as ONNX Runtime does.

import { fail } from "../errors.ts";

/** One axis of a Resize. */
export interface ResizedAxis {
  /** Sizes before and after. */
  readonly input: number;
  readonly output: number;
  /** Factor of the size, a float32 number; not always `output / input`, because sizes are rounded. */
  readonly scale: number;
  /** The part of the input that tf_crop_and_resize takes, from 0 to 1. */
  readonly roi: readonly [start: number, end: number];
}

const f = Math.fround;

/** Coordinate in the original of element `x` of the resized axis. */
export type Coordinate = (x: number, axis: ResizedAxis) => number;

const halfPixel: Coordinate = (x, { scale }) => f(f((x + 0.5) / scale) - 0.5);

const coordinates: Readonly<Record<string, Coordinate>> = {
  half_pixel: halfPixel,
  half_pixel_symmetric: (x, axis) => {
    const adjustment = f(axis.output / f(axis.scale * axis.input));
    // The rest is in float64 there: at whole numbers, floor and ceil tell the difference.
    return f(f((axis.input / 2) * f(1 - adjustment)) + (x + 0.5) / axis.scale - 0.5);
  },
  pytorch_half_pixel: (x, axis) => (axis.output > 1 ? halfPixel(x, axis) : 0),
  align_corners: (x, { input, output }) => (output === 1 ? 0 : f(f(x * (input - 1)) / (output - 1))),
  asymmetric: (x, { scale }) => f(x / scale),
  tf_half_pixel_for_nn: (x, { scale }) => f((x + 0.5) / scale),
  tf_crop_and_resize: (x, { input, output, roi: [start, end] }) =>
    output > 1 ? f(f(f(start) * (input - 1)) + f(f(f(x * f(f(end) - f(start))) * (input - 1)) / (output - 1))) : f(0.5 * f(f(start) + f(end)) * (input - 1)),
};

/** The function of a mode. @throws {BAD_MODEL} */
export function coordinateOf(mode: string): Coordinate {
  return (
    coordinates[mode] ??
    fail("BAD_MODEL", `"coordinate_transformation_mode" is "${mode}".`, { hint: `It must be one of ${Object.keys(coordinates).join(", ")}.` })
  );
}
