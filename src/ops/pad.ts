// Pad in its four modes, with negative pads.

import { fail } from "../errors.ts";
import { string } from "../graph/attributes.ts";
import { formatShape } from "../tensor/tensor.ts";
import { allFromFront, known, range } from "./axes.ts";
import { cropOrPad } from "./crop.ts";
import { defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { elements, tabulate } from "./elements.ts";
import { addRuns } from "./runs.ts";
import { at } from "./windows.ts";

/**
 * Pad: y = x with elements before and behind every axis: constants, or x reflected, its edge repeated, or x wrapped
 * around. dx sums dy over all places where an element of x went.
 */
export const Pad = defineOp({
  type: "Pad",
  attrs: { mode: string("constant") },
  shape: (inputs, { mode }) => {
    const { begin, end } = padsOf(inputs);
    const { dtype, shape } = inputs[0] as Info;
    const padded = shape.map((d, i) => d + (begin[i] as number) + (end[i] as number));
    if (padded.some((d) => d < 0)) fail("SHAPE_MISMATCH", `negative pads cut off more than there is: ${formatShape(padded)}.`);
    checkReach(shape, { begin, end }, mode);
    return [{ dtype, shape: padded }];
  },
  evaluate: (inputs, { mode }) => {
    const x = inputs[0] as Info;
    const positions = positionsOf(x.shape, padsOf(inputs), mode);
    const [at, constant] = [elements(x), inputs[2]?.value?.[0] ?? 0];
    return tabulate(
      positions.map((list) => list.length),
      (index) => {
        const from = index.map((i, axis) => (positions[axis] as number[])[i] as number);
        return from.some((i) => i < 0) ? constant : at(from);
      },
    );
  },
  gradient: (r) => {
    const pads = padsOf(r.infos);
    const dx = r.attrs.mode === "constant" ? cropOrPad(r, r.dy(), negative(pads.begin), negative(pads.end)) : foldBorders(r, pads);
    return [dx, undefined, r.wants(2) ? r.emit("Sub", [total(r, r.dy()), total(r, dx)]) : undefined];
  },
});

interface Pads {
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

function padsOf([x, pads, , axes]: readonly MaybeInfo[]): Pads {
  const rank = (x as Info).shape.length;
  const list = known(pads, "pads");
  const along = allFromFront(axes ? known(axes, "axes") : range(rank), rank);
  if (list.length !== 2 * along.length) fail("SHAPE_MISMATCH", `${2 * along.length} pads are needed, not ${list.length}.`, { details: { pads: list } });
  const spread = (part: readonly number[]) => range(rank).map((axis) => part[along.indexOf(axis)] ?? 0);
  return { begin: spread(list.slice(0, along.length)), end: spread(list.slice(along.length)) };
}

/**
 * Checks how far reflections and repetitions reach. @throws {UNSUPPORTED_OPERATOR} where ONNX Runtime refuses to reflect, or
 * reads before the tensor's memory when it repeats
 */
function checkReach(shape: readonly number[], { begin, end }: Pads, mode: string): void {
  const left = shape.map((d, i) => d + Math.min(at(begin, i), 0) + Math.min(at(end, i), 0));
  const fits = {
    reflect: left.every((d, i) => Math.max(at(begin, i), at(end, i)) < Math.max(d, 1)),
    wrap: left.every((d, i) => at(begin, i) <= d),
  }[mode];
  if (fits ?? true) return;
  fail("UNSUPPORTED_OPERATOR", `pads ${formatShape([...begin, ...end])} in mode ${mode} reach beyond the input's ${formatShape(left)}.`, {
    hint: "Pad in several steps.",
    details: { begin, end, mode },
  });
}

function negative(pads: readonly number[]): number[] {
  return pads.map((n) => -n);
}

/** For every axis, the position in x that each element of y comes from; −1 for a constant. */
function positionsOf(shape: readonly number[], { begin, end }: Pads, mode: string): number[][] {
  return shape.map((size, axis) => {
    const [before, behind] = [begin[axis] as number, end[axis] as number];
    // Negative pads cut first; the other modes fill from what is left.
    const [low, high] = [Math.max(-before, 0), size - Math.max(-behind, 0)];
    return range(size + before + behind).map((i) => sourceOf(i - before, low, high, mode));
  });
}

/** Where element `i` of a padded axis comes from, if x counts from `low` to `high` (exclusive). */
function sourceOf(i: number, low: number, high: number, mode: string): number {
  if (i >= low && i < high) return i;
  const size = high - low;
  switch (mode) {
    case "constant":
      return -1;
    case "edge":
      return i < low ? low : high - 1;
    case "wrap":
      return low + ((((i - low) % size) + size) % size);
    case "reflect": {
      const period = Math.max(2 * (size - 1), 1);
      const place = (((i - low) % period) + period) % period;
      return low + (place < size ? place : period - place);
    }
    default:
      return fail("BAD_MODEL", `"mode" is "${mode}".`, { hint: "It must be constant, reflect, edge or wrap." });
  }
}

function foldBorders(r: Rule<{ readonly mode: string }>, pads: Pads): string {
  const shape = r.shape(r.in(0));
  const positions = positionsOf(shape, pads, r.attrs.mode);
  return shape.reduce((dx, size, axis) => {
    if (pads.begin[axis] === 0 && pads.end[axis] === 0) return dx;
    const folded = r.shape(dx).map((d, i) => (i === axis ? size : d));
    return addRuns(r, dx, axis, positions[axis] as number[], folded);
  }, r.dy());
}

function total(r: Rule, x: string): string {
  return r.emit("ReduceSum", [x], { keepdims: 0 });
}
