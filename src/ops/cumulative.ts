// Sums along an axis that keep every step.

import { int } from "../graph/attributes.ts";
import { defineOp, type Info } from "./define.ts";

/** CumSum: y = the sums up to each element; dx sums dy from the other end. */
export const CumSum = defineOp({
  type: "CumSum",
  attrs: { exclusive: int(0), reverse: int(0) },
  shape: ([x]) => [{ dtype: (x as Info).dtype, shape: (x as Info).shape }],
  gradient: (r) => [r.emit("CumSum", [r.dy(), r.in(1)], { exclusive: r.attrs.exclusive, reverse: 1 - r.attrs.reverse })],
});
