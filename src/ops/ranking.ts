// Operators that find the largest or smallest elements along an axis.

import { int } from "../graph/attributes.ts";
import { fromFront, known } from "./axes.ts";
import { defineOp, type Info } from "./define.ts";
import { scatterAdd } from "./scatter.ts";

function extremumPosition(type: "ArgMax" | "ArgMin") {
  return defineOp({
    type,
    attrs: { axis: int(0), keepdims: int(1), select_last_index: int(0) },
    shape: ([x], { axis, keepdims }) => {
      const { shape } = x as Info;
      const along = fromFront(axis, shape.length);
      return [{ dtype: "int64", shape: shape.flatMap((d, i) => (i !== along ? [d] : keepdims ? [1] : [])) }];
    },
    gradient: "zero",
  });
}

export const ArgMax = extremumPosition("ArgMax");
export const ArgMin = extremumPosition("ArgMin");

/** TopK: the k largest or smallest elements along an axis, and where they were; dx puts dy back there. */
export const TopK = defineOp({
  type: "TopK",
  attrs: { axis: int(-1), largest: int(1), sorted: int(1) },
  shape: ([x, k], { axis }) => {
    const { dtype, shape } = x as Info;
    const along = fromFront(axis, shape.length);
    const chosen = shape.map((d, i) => (i === along ? (known(k, "numbers of elements")[0] as number) : d));
    return [
      { dtype, shape: chosen },
      { dtype: "int64", shape: chosen },
    ];
  },
  gradient: (r) => [scatterAdd(r, r.shape(r.in(0)), r.out(1), r.dy(), fromFront(r.attrs.axis, r.shape(r.in(0)).length))],
});
