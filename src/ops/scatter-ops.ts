// ScatterElements and ScatterND: a copy of x with updates written, or added, at positions.

import { fail } from "../errors.ts";
import { int, string } from "../graph/attributes.ts";
import { formatShape } from "../tensor/tensor.ts";
import { defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";

function likeData([x]: readonly MaybeInfo[]): readonly Info[] {
  return [{ dtype: (x as Info).dtype, shape: (x as Info).shape }];
}

/** dy where nothing was written over; the updates' part of dy. */
function scatterGradient(r: Rule<{ readonly reduction: string }>, scatter: string, gather: string, attrs: Readonly<Record<string, unknown>>) {
  const { reduction } = r.attrs;
  if (reduction !== "none" && reduction !== "add") {
    fail("NO_GRADIENT", `there is no rule for reduction "${reduction}".`, {
      hint: "Choose a layer behind this node.",
      details: { reduction },
    });
  }
  const zeros = () => r.emit("Expand", [r.scalar(0), r.ints(r.shape(r.in(2)))]);
  const dx = () => (reduction === "add" ? r.dy() : r.emit(scatter, [r.dy(), r.in(1), zeros()], attrs));
  return [r.wants(0) ? dx() : undefined, undefined, r.wants(2) ? r.emit(gather, [r.dy(), r.in(1)], attrs) : undefined];
}

/** ScatterElements: y = x with an update for every index, at the update's own place but for one axis. */
export const ScatterElements = defineOp({
  type: "ScatterElements",
  attrs: { axis: int(0), reduction: string("none") },
  shape: (inputs) => {
    const [, indices, updates] = inputs.map((info) => formatShape((info as Info).shape));
    if (indices !== updates) fail("SHAPE_MISMATCH", `there are indices ${indices}, but updates ${updates}.`);
    return likeData(inputs);
  },
  gradient: (r) => scatterGradient(r, "ScatterElements", "GatherElements", { axis: r.attrs.axis }),
  note: 'Gradient for reduction "none" and "add".',
});

/** ScatterND: y = x with slices written at index tuples. */
export const ScatterND = defineOp({
  type: "ScatterND",
  attrs: { reduction: string("none") },
  shape: likeData,
  gradient: (r) => scatterGradient(r, "ScatterND", "GatherND", {}),
  note: 'Gradient for reduction "none" and "add".',
});
