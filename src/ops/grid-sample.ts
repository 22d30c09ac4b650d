// GridSample: a picture sampled at positions that are computed at run time. Its gradient adds dy to the pixels around them.

import { fail } from "../errors.ts";
import { int, string } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { defineOp, type Info, type Rule } from "./define.ts";
import { add, addAll, cast, compare, keepWhere, mul, sub } from "./formula.ts";
import { scatterAdd } from "./scatter.ts";

type SampleAttrs = Readonly<Record<"align_corners", number> & Record<"mode" | "padding_mode", string>>;

/** GridSample: y[n,c,p] = Σ w · x[n,c,q] over the pixels q around the position grid[n,p]; dx adds w · dy to them. */
export const GridSample = defineOp({
  type: "GridSample",
  attrs: { align_corners: int(0), mode: string("linear"), padding_mode: string("zeros") },
  shape: ([x, grid]) => {
    const { dtype, shape } = x as Info;
    return [{ dtype, shape: [...shape.slice(0, 2), ...(grid as Info).shape.slice(1, -1)] }];
  },
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    if (r.wants(1) || r.attrs.mode === "cubic" || shape.length !== 4) failForm(r);
    return [scatterSamples(r, shape as [number, number, number, number])];
  },
  note: "Gradient to pictures only, nearest and linear.",
});

function failForm(r: Rule<SampleAttrs>): never {
  return fail("NO_GRADIENT", "the rule is for pictures only, not for where they are sampled, and for the modes nearest and linear.", {
    hint: "Choose a layer behind this node.",
    details: { mode: r.attrs.mode },
  });
}

function scatterSamples(r: Rule<SampleAttrs>, [n, c, h, w]: readonly [number, number, number, number]): string {
  const positions = sizeOf(r.shape(r.in(1)).slice(1, -1));
  const dy = r.reshape(r.dy(), [n, c, positions]);
  const columns = tapsAlong(r, 0, w);
  const parts = tapsAlong(r, 1, h).flatMap((row) =>
    columns.map((column) => {
      const place = cast(r, add(r, mul(r, row.index, w), column.index), "int64");
      const indices = r.emit("Expand", [place, r.ints([n, c, positions])]);
      return scatterAdd(r, [n, c, h * w], indices, mul(r, dy, mul(r, row.weight, column.weight)), 2);
    }),
  );
  return r.reshape(addAll(r, parts), [n, c, h, w]);
}

/** For every position `[N,1,P]`, a pixel along one axis and its weight. */
interface PositionTap {
  readonly index: string;
  readonly weight: string;
}

/** The pixels around every position along the axis that the grid's numbers of this place are for: 0 for x, 1 for y. */
function tapsAlong(r: Rule<SampleAttrs>, place: number, size: number): PositionTap[] {
  const pixel = pixelsAlong(r, place, size);
  if (r.attrs.mode === "nearest") return [inside(r, r.emit("Round", [pixel]), r.emit("Expand", [r.scalar(1), r.ints(r.shape(pixel))]), size)];
  const floor = r.emit("Floor", [pixel]);
  const fraction = sub(r, pixel, floor);
  return [inside(r, floor, sub(r, 1, fraction), size), inside(r, add(r, floor, 1), fraction, size)];
}

/** Pixels outside have no weight with zero padding; otherwise the nearest inside takes their place. */
function inside(r: Rule<SampleAttrs>, index: string, weight: string, size: number): PositionTap {
  const middle = (size - 1) / 2;
  const valid = () => compare(r, "LessOrEqual", r.emit("Abs", [sub(r, index, middle)]), middle);
  return { index: clamp(r, index, size), weight: r.attrs.padding_mode === "zeros" ? keepWhere(r, valid(), weight) : weight };
}

function clamp(r: Rule, x: string, size: number): string {
  return r.emit("Clip", [x, r.scalar(0, x), r.scalar(size - 1, x)]);
}

/** The grid's positions along one axis, −1 … 1, as pixels `[N,1,P]`. */
function pixelsAlong(r: Rule<SampleAttrs>, place: number, size: number): string {
  const [n, ...space] = r.shape(r.in(1)).slice(0, -1) as [number, ...number[]];
  const column = r.emit("Slice", [r.in(1), r.ints([place]), r.ints([place + 1]), r.ints([-1])]);
  const corners = r.attrs.align_corners === 1;
  const scaled = mul(r, add(r, r.reshape(column, [n, 1, sizeOf(space)]), 1), (corners ? size - 1 : size) / 2);
  const pixel = corners ? scaled : sub(r, scaled, 0.5);
  switch (r.attrs.padding_mode) {
    case "border":
      return clamp(r, pixel, size);
    case "reflection":
      return clamp(r, corners ? reflect(r, pixel, 0, size - 1) : reflect(r, pixel, -0.5, size), size);
    default:
      return pixel;
  }
}

/** x reflected at `low` and `low + span`, again and again: a zigzag. */
function reflect(r: Rule, x: string, low: number, span: number): string {
  if (span === 0) return x;
  const distance = sub(r, x, low);
  const periods = r.emit("Floor", [mul(r, distance, 1 / (2 * span))]);
  const within = sub(r, distance, mul(r, periods, 2 * span));
  return sub(r, low + span, r.emit("Abs", [sub(r, within, span)]));
}
