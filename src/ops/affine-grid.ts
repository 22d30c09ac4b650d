// AffineGrid: where an affine transformation samples a picture.

import { int } from "../graph/attributes.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { known, range } from "./axes.ts";
import { defineOp, type Info } from "./define.ts";
import { tabulate } from "./elements.ts";

/** AffineGrid: y[n,p] = θ[n] · (position of p in −1 … 1, x first, then 1); dθ = dyᵀ · positions. */
export const AffineGrid = defineOp({
  type: "AffineGrid",
  attrs: { align_corners: int(0) },
  shape: ([theta, size]) => {
    const [n, , ...space] = known(size, "sizes");
    return [{ dtype: (theta as Info).dtype, shape: [n as number, ...space, space.length] }];
  },
  gradient: (r) => {
    const [n, ...rest] = r.shape(r.dy()) as [number, ...number[]];
    const space = rest.slice(0, -1);
    const dy = r.transpose(r.reshape(r.dy(), [n, sizeOf(space), space.length]), [0, 2, 1]);
    return [r.emit("MatMul", [dy, r.constant(positions(space, r.attrs.align_corners === 1), [sizeOf(space), space.length + 1])])];
  },
});

/** Positions of all elements, the last axis first, each followed by 1. */
function positions(space: readonly number[], alignCorners: boolean): number[] {
  const lines = space.map((size) => range(size).map((i) => (alignCorners ? fromCorner(i, size) : (2 * i + 1) / size - 1)));
  return tabulate([...space, space.length + 1], (index) => {
    const axis = space.length - 1 - (index.at(-1) as number);
    return axis < 0 ? 1 : ((lines[axis] as number[])[index[axis] as number] as number);
  });
}

/** −1 … 1; a single element lies at 1, where ONNX Runtime puts it. */
function fromCorner(i: number, size: number): number {
  return size === 1 ? 1 : (2 * i) / (size - 1) - 1;
}
