// MaxUnpool: undoes a max pool by the indices that it gave.

import { ints } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { known } from "./axes.ts";
import { defineOp, type Info } from "./define.ts";
import { at, explicitPads } from "./windows.ts";

/** MaxUnpool: y = x put where its indices say, zeros elsewhere; dx = dy at these places. */
export const MaxUnpool = defineOp({
  type: "MaxUnpool",
  attrs: { kernel_shape: ints([]), pads: ints(), strides: ints() },
  shape: ([x, , outputShape], { kernel_shape, pads, strides }) => {
    const { dtype, shape } = x as Info;
    if (outputShape) return [{ dtype, shape: known(outputShape, "sizes") }];
    const [begin, end] = explicitPads(kernel_shape.length, { auto_pad: "NOTSET", pads, strides });
    const space = kernel_shape.map((k, i) => (at(shape, i + 2) - 1) * (strides?.[i] ?? 1) + k - at(begin, i) - at(end, i));
    return [{ dtype, shape: [...shape.slice(0, 2), ...space] }];
  },
  gradient: (r) => {
    const [dy, indices] = [r.dy(), r.in(1)].map((name) => r.reshape(name, [sizeOf(r.shape(name))])) as [string, string];
    return [r.reshape(r.emit("GatherElements", [dy, indices], { axis: 0 }), r.shape(r.in(0)))];
  },
});
