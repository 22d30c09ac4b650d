// Pixels of pictures at rows and columns that are computed.

import type { NodeWriter } from "./node-writer.ts";

/** Pictures [B, H, W, C] of floats that are read at positions. */
export interface Pictures {
  /** All pixels, [B · H · W, C]. */
  readonly pixels: string;
  readonly height: number;
  readonly width: number;
}

/** Input 0. @throws {BAD_MODEL} if it holds no pictures */
export function pictures(w: NodeWriter): Pictures {
  const x = w.cast(w.own(w.input(0)), "float32");
  const shape = w.graphShape(x);
  if (shape.length !== 4) w.fail("BAD_MODEL", `reads pictures from a tensor with ${shape.length} axes`);
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return { pixels: w.axes.graph.reshape(x, [batch * height * width, channels]), height, width };
}

/** The pixels [n, h, w, C] of pictures [n, 1, 1] in rows and columns that broadcast to [n, h, w]; all are in range. */
export function pixelsAt(w: NodeWriter, { pixels, height, width }: Pictures, picture: string, row: string, column: string): string {
  const scaled = (x: string, by: number) => w.emit("Mul", [x, w.integer(by)]);
  const line = w.emit("Add", [scaled(picture, height), w.cast(row, "int64")]);
  return w.emit("Gather", [pixels, w.emit("Add", [scaled(line, width), w.cast(column, "int64")])]);
}

/** a − b */
export function minus(w: NodeWriter, a: string, b: string): string {
  return w.emit("Sub", [a, b]);
}

/** a + (b − a) · t; `t` lacks the channels' axis. */
export function between(w: NodeWriter, a: string, b: string, t: string): string {
  const wide = w.emit("Unsqueeze", [t, w.ints([w.graphShape(t).length])]);
  return w.emit("Add", [a, w.emit("Mul", [minus(w, b, a), wide])]);
}
