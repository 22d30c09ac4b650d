// Signs and angles, for Keras and TensorFlow.

import { add, compare, div, type Emitter, mul, sub } from "../../../ops/formula.ts";

/** Whether there is a minus before x, −0 included. */
export function negative(w: Emitter, x: string): string {
  const zero = w.emit("And", [compare(w, "Equal", x, 0), compare(w, "Less", w.emit("Reciprocal", [x]), 0)]);
  return w.emit("Or", [compare(w, "Less", x, 0), zero]);
}

/** The angle of the point (x, y), by the arctangent of the ratio that is below 1; so the gradient is a number on the axes too. */
export function angleOf(w: Emitter, y: string, x: string): string {
  const flat = w.emit("LessOrEqual", [w.emit("Abs", [y]), w.emit("Abs", [x])]);
  const half = (t: string) => w.emit("Where", [negative(w, t), w.scalar(-Math.PI, t), w.scalar(Math.PI, t)]);
  const beside = w.emit("Where", [negative(w, x), half(y), w.scalar(0, x)]);
  const divisor = w.emit("Where", [flat, x, w.scalar(1, x)]);
  const nonzero = w.emit("Where", [compare(w, "Equal", divisor, 0), w.scalar(1, x), divisor]);
  const along = add(w, w.emit("Atan", [div(w, y, nonzero)]), beside);
  const upright = sub(w, mul(w, half(y), 0.5), w.emit("Atan", [div(w, x, w.emit("Where", [flat, w.scalar(1, y), y]))]));
  return w.emit("Where", [flat, along, upright]);
}
