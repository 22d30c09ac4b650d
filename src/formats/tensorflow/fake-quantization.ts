// FakeQuant…: floats rounded to the levels that integers of few bits would leave, as training for such integers has them.

import { straightThrough } from "../keras/layers/rounding.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

const { fround, round } = Math;

interface Levels {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** The range moved so that 0 is a level of it, in TensorFlow's own float32 steps. */
function levels(w: NodeWriter, min: number, max: number): Levels {
  const [first, last] = [w.flag("narrow_range") ? 1 : 0, 2 ** w.int("num_bits", 8) - 1];
  if (!(min <= 0 && max >= 0 && min < max && first < last)) w.fail("BAD_MODEL", `rounds to levels between ${min} and ${max}, which leave no room for 0`);
  const step = fround(fround(max - min) / (last - first));
  const zero = Math.min(Math.max(round(fround(first - fround(min / step))), first), last);
  return { least: fround((first - zero) * step), most: fround((last - zero) * step), step };
}

/** y = least + step · ⌊(x − least) / step + ½⌋ of x cut to the range; dx = dy within the range, as if nothing was rounded. */
function fakeQuantize(w: NodeWriter, min: number, max: number): string {
  if (min === 0 && max === 0) return w.emit("Mul", [w.input().tensor, w.scalar(0)]);
  const { least, most, step } = levels(w, min, max);
  const x = w.emit("Clip", [w.input().tensor, w.scalar(least), w.scalar(most)]);
  const place = w.emit("Div", [w.emit("Sub", [x, w.scalar(least)]), w.scalar(step)]);
  const nearest = w.emit("Floor", [w.emit("Add", [place, w.scalar(0.5)])]);
  const rounded = w.emit("Add", [w.emit("Mul", [nearest, w.scalar(step)]), w.scalar(least)]);
  return straightThrough(w, x, rounded);
}

export const fakeQuantizationOps: readonly TfOp[] = [
  {
    op: "FakeQuantWithMinMaxVars",
    least: 3,
    emit: (w) => ({ ...w.input(), tensor: fakeQuantize(w, w.scalarConstant(1), w.scalarConstant(2)) }),
  },
  { op: "FakeQuantWithMinMaxArgs", emit: (w) => ({ ...w.input(), tensor: fakeQuantize(w, w.float("min", -6), w.float("max", 6)) }) },
];
