// Gradients on their way back: the contributions that each tensor has got so far.

import { assert } from "../errors.ts";
import { addAll } from "../ops/formula.ts";
import type { GraphWriter } from "../ops/writer.ts";
import { formatShape } from "../tensor/tensor.ts";

export interface Flow {
  /** Whether anything has flowed to this tensor. */
  reaches(name: string): boolean;
  /** Adds a gradient, summed over the axes along which the tensor was broadcast. */
  add(name: string, dx: string): void;
  /** The sum of what has flowed to this tensor; undefined if nothing has. */
  total(name: string): string | undefined;
  /** Drops what has been passed on. */
  forget(name: string): void;
}

/** Starts with `seed` at the tensor `of`. */
export function startFlow(writer: GraphWriter, of: string, seed: string): Flow {
  const contributions = new Map<string, string[]>([[of, [seed]]]);
  return {
    reaches: (name) => contributions.has(name),
    add(name, dx) {
      contributions.set(name, [...(contributions.get(name) ?? []), unbroadcast(writer, dx, writer.shape(name))]);
    },
    total(name) {
      const parts = contributions.get(name);
      if (!parts) return undefined;
      const sum = addAll(writer, parts);
      contributions.set(name, [sum]);
      return sum;
    },
    forget(name) {
      contributions.delete(name);
    },
  };
}

/** Sums a gradient over the axes along which its tensor, of this shape, was broadcast. */
function unbroadcast(writer: GraphWriter, dx: string, shape: readonly number[]): string {
  const from = writer.shape(dx);
  if (formatShape(from) === formatShape(shape)) return dx;
  const extra = from.length - shape.length;
  const axes = from.flatMap((d, i) => (i < extra || (shape[i - extra] === 1 && d !== 1) ? [i] : []));
  const summed = axes.length ? writer.emit("ReduceSum", [dx, writer.ints(axes)], { keepdims: 1 }) : dx;
  assert(
    formatShape(writer.shape(summed).slice(Math.max(extra, 0))) === formatShape(shape),
    `the gradient "${dx}" has shape ${formatShape(from)}, its tensor ${formatShape(shape)}`,
  );
  return writer.reshape(summed, shape);
}
