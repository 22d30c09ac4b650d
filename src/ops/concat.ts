// Concat and Split, each the other's adjoint.

import { fail } from "../errors.ts";
import { int } from "../graph/attributes.ts";
import { formatShape } from "../tensor/tensor.ts";
import { fromFront, known, range } from "./axes.ts";
import { defineOp, type Info, type MaybeInfo, type Rule } from "./define.ts";
import { elements, tabulate } from "./elements.ts";

/** Concat: y = the inputs behind each other along an axis; dx is each one's part of dy. */
export const Concat = defineOp({
  type: "Concat",
  attrs: { axis: int(0) },
  shape: (inputs, { axis }) => {
    const [first, ...others] = inputs as readonly Info[] as [Info, ...Info[]];
    const along = fromFront(axis, first.shape.length);
    const odd = others.find(({ shape }) => shape.length !== first.shape.length || shape.some((d, i) => i !== along && d !== first.shape[i]));
    if (odd) fail("SHAPE_MISMATCH", `${formatShape(first.shape)} and ${formatShape(odd.shape)} do not fit together along axis ${along}.`);
    return [{ dtype: first.dtype, shape: first.shape.map((d, i) => (i === along ? sizesAlong(inputs, along).reduce((a, b) => a + b, 0) : d)) }];
  },
  evaluate: (inputs, { axis }) => {
    const first = inputs[0] as Info;
    const along = fromFront(axis, first.shape.length);
    const sizes = sizesAlong(inputs, along);
    const parts = sizes.flatMap((size, part) => range(size).map((within) => ({ part, within })));
    const values = inputs.map(elements);
    return tabulate(
      first.shape.map((d, i) => (i === along ? parts.length : d)),
      (index) => {
        const { part, within } = parts[index[along] as number] as (typeof parts)[number];
        return (values[part] as (typeof values)[number])(index.map((k, i) => (i === along ? within : k)));
      },
    );
  },
  gradient: (r) => {
    const axis = fromFront(r.attrs.axis, r.shape(r.in(0)).length);
    const sizes = sizesAlong(r.infos, axis);
    return sizes.every((_, i) => r.wants(i)) ? split(r, r.dy(), axis, sizes) : sizes.map((size, i) => (r.wants(i) ? part(r, axis, sizes, i, size) : undefined));
  },
});

function sizesAlong(inputs: readonly MaybeInfo[], axis: number): number[] {
  return inputs.map((info) => (info as Info).shape[axis] as number);
}

function split(r: Rule, x: string, axis: number, sizes: readonly number[]): string[] {
  return sizes.length === 1 ? [x] : r.emitMany("Split", [x, r.ints(sizes)], sizes.length, { axis });
}

function part(r: Rule, axis: number, sizes: readonly number[], i: number, size: number): string {
  const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
  return r.emit("Slice", [r.dy(), r.ints([start]), r.ints([start + size]), r.ints([axis])]);
}

/** Split: the parts of x along an axis; dx = the parts' gradients behind each other. */
export const Split = defineOp({
  type: "Split",
  attrs: { axis: int(0), num_outputs: int() },
  shape: ([x, split], { axis }, outputs) => {
    const { dtype, shape } = x as Info;
    const along = fromFront(axis, shape.length);
    const size = shape[along] as number;
    const sizes = split ? known(split, "parts' sizes") : evenParts(size, outputs);
    if (sizes.length !== outputs || sizes.reduce((a, b) => a + b, 0) !== size) {
      fail("SHAPE_MISMATCH", `${size} elements cannot be split into ${outputs} parts of ${formatShape(sizes)}.`, { details: { sizes, size } });
    }
    return sizes.map((part) => ({ dtype, shape: shape.map((d, i) => (i === along ? part : d)) }));
  },
  gradient: (r) => [
    r.emit(
      "Concat",
      r.node.outputs.map((_, i) => r.dy(i)),
      { axis: r.attrs.axis },
    ),
  ],
});

/** Parts of one size, the last one smaller where they do not come out even. */
function evenParts(size: number, parts: number): number[] {
  const chunk = Math.ceil(size / parts);
  return range(parts).map((i) => Math.min(chunk, size - i * chunk));
}
