// The angle of a point.

import type { NodeWriter } from "./node-writer.ts";

/**
 * The angle of (x, y), in (−π, π]. Out of the smaller of the two over the greater, so that nothing is divided by 0 and the
 * gradient, (x · dy − y · dx) / (x² + y²), stays a number on the axes: atan(y/x) beside the x axis, ±π more on its negative
 * side; ±π/2 − atan(x/y) beside the y axis. The zeros' signs are not told apart.
 */
export function atan2(w: NodeWriter, y: string, x: string): string {
  const where = (condition: string, a: string, b: string) => w.emit("Where", [condition, a, b]);
  const isNegative = (t: string) => w.emit("Less", [t, w.scalar(0)]);
  const signed = (angle: number) => where(isNegative(y), w.scalar(-angle), w.scalar(angle));
  const steep = w.emit("Greater", [w.emit("Abs", [y]), w.emit("Abs", [x])]);
  const [least, greatest] = [where(steep, x, y), where(steep, y, x)];
  const isNothing = w.emit("Equal", [greatest, w.scalar(0)]);
  const angle = w.emit("Atan", [w.emit("Div", [least, where(isNothing, w.scalar(1), greatest)])]);
  const flat = w.emit("Add", [angle, where(isNegative(x), signed(Math.PI), w.scalar(0))]);
  return where(steep, w.emit("Sub", [signed(Math.PI / 2), angle]), flat);
}
