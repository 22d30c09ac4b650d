// Operators that move elements about: reshapes, slices, joins, pads, and reorderings.

import { fail } from "../errors.ts";
import { int, ints, none, string } from "../graph/attributes.ts";
import { formatShape } from "../tensor/tensor.ts";
import { inverseOrder, known, range } from "./axes.ts";
import { Concat, Split } from "./concat.ts";
import { type AnyOp, defineOp, type Info } from "./define.ts";
import { elements, tabulate } from "./elements.ts";
import { broadcastShapes, broadcastValues } from "./folding.ts";
import { Pad } from "./pad.ts";
import { reshapes } from "./reshape.ts";
import { Slice } from "./slice.ts";

/** Transpose: y = x with its axes reordered; dx reorders them back. */
const Transpose = defineOp({
  type: "Transpose",
  attrs: { perm: ints() },
  shape: ([x], { perm }) => [{ dtype: (x as Info).dtype, shape: orderOf((x as Info).shape, perm).map((axis) => (x as Info).shape[axis] as number) }],
  evaluate: ([x], { perm }) => {
    const order = orderOf((x as Info).shape, perm);
    const [at, back] = [elements(x), inverseOrder(order)];
    return tabulate(
      order.map((axis) => (x as Info).shape[axis] as number),
      (index) => at(back.map((axis) => index[axis] as number)),
    );
  },
  gradient: (r) => [r.transpose(r.dy(), inverseOrder(orderOf(r.shape(r.in(0)), r.attrs.perm)))],
});

/** The order of axes that `perm` means; all of them reversed if it is left out. */
function orderOf(shape: readonly number[], perm: readonly number[] | undefined): readonly number[] {
  const order = perm ?? range(shape.length).reverse();
  if ([...order].sort((a, b) => a - b).join() !== range(shape.length).join()) {
    fail("BAD_MODEL", `"perm" ${formatShape(order)} does not reorder ${shape.length} axes.`, { details: { perm: order, shape } });
  }
  return order;
}

/** Expand: y = x broadcast to a shape; dx sums dy over the new elements. */
const Expand = defineOp({
  type: "Expand",
  attrs: none,
  shape: ([x, shape]) => [{ dtype: (x as Info).dtype, shape: broadcastShapes([(x as Info).shape, known(shape, "sizes")]) }],
  evaluate: ([x, shape]) => broadcastValues(x as Info, broadcastShapes([(x as Info).shape, known(shape, "sizes")])),
  gradient: (r) => [r.dy()],
});

/** Tile: y = x repeated along every axis; dx sums dy over the repetitions. */
const Tile = defineOp({
  type: "Tile",
  attrs: none,
  shape: ([x, repeats]) => [{ dtype: (x as Info).dtype, shape: tiled((x as Info).shape, known(repeats, "repeats")) }],
  evaluate: ([x, repeats]) => {
    const { shape } = x as Info;
    const at = elements(x);
    return tabulate(tiled(shape, known(repeats, "repeats")), (index) => at(index.map((i, axis) => i % (shape[axis] as number))));
  },
  gradient: (r) => {
    const shape = r.shape(r.in(0));
    const apart = r.reshape(
      r.dy(),
      shape.flatMap((d, axis) => [(r.shape(r.dy())[axis] as number) / d, d]),
    );
    return [r.emit("ReduceSum", [apart, r.ints(shape.map((_, axis) => 2 * axis))], { keepdims: 0 })];
  },
});

function tiled(shape: readonly number[], repeats: readonly number[]): number[] {
  if (repeats.length !== shape.length) fail("SHAPE_MISMATCH", `${shape.length} repeats are needed, not ${repeats.length}.`, { details: { shape, repeats } });
  return shape.map((d, i) => d * (repeats[i] as number));
}

/** DepthToSpace: y = blocks of channels laid out in space; dx gathers them again. */
const DepthToSpace = defineOp({
  type: "DepthToSpace",
  attrs: { blocksize: int(1), mode: string("DCR") },
  shape: ([x], { blocksize: b }) => {
    const [n, c, h, w] = pictures(x as Info);
    if (c % b ** 2 !== 0) fail("SHAPE_MISMATCH", `${c} channels are no blocks of ${b}×${b}.`, { details: { channels: c, blocksize: b } });
    return [{ dtype: (x as Info).dtype, shape: [n, c / b ** 2, h * b, w * b] }];
  },
  gradient: (r) => {
    const { blocksize: b, mode } = r.attrs;
    const [n, c, h, w] = pictures({ dtype: "float32", shape: r.shape(r.in(0)) });
    const blocks = r.reshape(r.dy(), [n, c / b ** 2, h, b, w, b]);
    return [r.reshape(r.transpose(blocks, mode === "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]), [n, c, h, w])];
  },
});

/** SpaceToDepth: y = blocks of space stacked as channels; dx lays them out again. */
const SpaceToDepth = defineOp({
  type: "SpaceToDepth",
  attrs: { blocksize: int(1) },
  shape: ([x], { blocksize: b }) => {
    const [n, c, h, w] = pictures(x as Info);
    if (h % b !== 0 || w % b !== 0)
      fail("SHAPE_MISMATCH", `${h}×${w} elements are no blocks of ${b}×${b}.`, { details: { height: h, width: w, blocksize: b } });
    return [{ dtype: (x as Info).dtype, shape: [n, c * b ** 2, h / b, w / b] }];
  },
  gradient: (r) => [r.emit("DepthToSpace", [r.dy()], { blocksize: r.attrs.blocksize, mode: "DCR" })],
});

function pictures({ shape }: Info): [number, number, number, number] {
  if (shape.length !== 4) fail("SHAPE_MISMATCH", `an input of 4 axes is needed, not ${formatShape(shape)}.`, { details: { shape } });
  return shape as unknown as [number, number, number, number];
}

/** ReverseSequence: y = the first elements of every sequence backwards; it is its own adjoint. */
const ReverseSequence = defineOp({
  type: "ReverseSequence",
  attrs: { batch_axis: int(1), time_axis: int(0) },
  shape: ([x]) => [{ dtype: (x as Info).dtype, shape: (x as Info).shape }],
  gradient: (r) => [r.emit("ReverseSequence", [r.dy(), r.in(1)], r.attrs)],
});

/** Trilu: y = the upper or lower triangles of matrices, zeros elsewhere; dx cuts dy likewise. */
const Trilu = defineOp({
  type: "Trilu",
  attrs: { upper: int(1) },
  shape: ([x]) => [{ dtype: (x as Info).dtype, shape: (x as Info).shape }],
  gradient: (r) => [r.emit("Trilu", r.has(1) ? [r.dy(), r.in(1)] : [r.dy()], r.attrs)],
});

export const movements: readonly AnyOp[] = [
  ...reshapes,
  Transpose,
  Concat,
  Split,
  Slice,
  Pad,
  Expand,
  Tile,
  DepthToSpace,
  SpaceToDepth,
  ReverseSequence,
  Trilu,
];
