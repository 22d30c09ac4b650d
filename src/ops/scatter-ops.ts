// ScatterElements and ScatterND: a copy of x with updates written, or added, at positions.

import { fail } from "../errors.ts";
import { int, string } from "../graph/attributes.ts";
import { formatShape } from "../tensor/tensor.ts";
import { defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { compare, div, keepWhere, mul } from "./formula.ts";

function likeData([x]: readonly MaybeInfo[]): readonly Info[] {
  return [{ dtype: (x as Info).dtype, shape: (x as Info).shape }];
}

/** dy where nothing was written over; the updates' part of dy. Of the greatest or least, dy where they are in y. */
function scatterGradient(r: Rule<{ readonly reduction: string }>, scatter: string, gather: string, attrs: Readonly<Record<string, unknown>>) {
  const { reduction } = r.attrs;
  const taken = (of: string) => r.emit(gather, [of, r.in(1)], attrs);
  if (reduction === "max" || reduction === "min") {
    const kept = compare(r, "Equal", r.in(0), r.out(0));
    const chosen = () => compare(r, "Equal", r.in(2), taken(r.out(0)));
    return [r.wants(0) ? keepWhere(r, kept, r.dy()) : undefined, undefined, r.wants(2) ? keepWhere(r, chosen(), taken(r.dy())) : undefined];
  }
  if (reduction === "mul") {
    const ones = () => r.emit("Expand", [r.scalar(1), r.ints(r.shape(r.in(0)))]);
    const factors = () => r.emit(scatter, [ones(), r.in(1), r.in(2)], { ...attrs, reduction });
    return [r.wants(0) ? mul(r, r.dy(), factors()) : undefined, undefined, r.wants(2) ? div(r, taken(mul(r, r.dy(), r.out(0))), r.in(2)) : undefined];
  }
  const zeros = () => r.emit("Expand", [r.scalar(0), r.ints(r.shape(r.in(2)))]);
  const dx = () => (reduction === "add" ? r.dy() : r.emit(scatter, [r.dy(), r.in(1), zeros()], attrs));
  return [r.wants(0) ? dx() : undefined, undefined, r.wants(2) ? taken(r.dy()) : undefined];
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
  note: 'Reduction "mul": no gradient to updates that are 0.',
});

/** ScatterND: y = x with slices written at index tuples. */
export const ScatterND = defineOp({
  type: "ScatterND",
  attrs: { reduction: string("none") },
  shape: likeData,
  gradient: (r) => scatterGradient(r, "ScatterND", "GatherND", {}),
  note: 'Reduction "mul": no gradient to updates that are 0.',
});
