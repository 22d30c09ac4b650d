// Axes of tensors whose model counts channels last while the graph computes channels first.

import type { GraphWriter } from "../../../ops/writer.ts";
import { invert } from "../../../tensor/tensor.ts";
import { channelsLastOrder, sameOrder, type Value } from "./value.ts";

/** A graph with transposes that are written once for each tensor and order. */
export interface AxesWriter {
  readonly graph: GraphWriter;
  transposed(tensor: string, order: readonly number[]): string;
}

export function axesWriter(graph: GraphWriter): AxesWriter {
  const known = new Map<string, string>();
  return {
    graph,
    transposed(tensor, order) {
      const key = `${tensor} ${order.join()}`;
      const turned = known.get(key) ?? graph.transpose(tensor, order);
      known.set(key, turned);
      return turned;
    },
  };
}

/** A value's shape in the model's own order. */
export function ownShape({ graph }: AxesWriter, { tensor, order }: Value): readonly number[] {
  const shape = graph.shape(tensor);
  return order ? order.map((axis) => shape[axis] as number) : shape;
}

/** The tensor in the model's own order. */
export function own(axes: AxesWriter, { tensor, order }: Value): string {
  return order ? axes.transposed(tensor, order) : tensor;
}

/** The value's tensor with its axes in the places that `order` says. */
export function arrange(axes: AxesWriter, value: Value, order: readonly number[] | undefined): string {
  if (sameOrder(value, { tensor: "", order })) return value.tensor;
  if (!order) return own(axes, value);
  // Both orders at once: graph axis `order[i]` is to hold own axis `i`.
  const inverse = invert(order);
  return axes.transposed(value.tensor, value.order ? inverse.map((i) => value.order?.[i] as number) : inverse);
}

/** The tensor as `[N, C, …]`; `first` says that the own order is that already. */
export function channelsAtOne(axes: AxesWriter, value: Value, first: boolean): string {
  const rank = axes.graph.shape(value.tensor).length;
  return arrange(axes, value, first || rank < 3 ? undefined : channelsLastOrder(rank));
}

/** A tensor `[N, C, …]` as a value. */
export function fromChannelsAtOne(axes: AxesWriter, tensor: string, first: boolean): Value {
  const rank = axes.graph.shape(tensor).length;
  return first || rank < 3 ? { tensor } : { tensor, order: channelsLastOrder(rank) };
}

/** A value's own shape with axes of size 1 put in front, up to a rank. */
function widened(axes: AxesWriter, value: Value, rank: number): Value {
  const shape = ownShape(axes, value);
  if (shape.length === rank || shape.length === 0) return value;
  return { tensor: axes.graph.reshape(own(axes, value), [...new Array<number>(rank - shape.length).fill(1), ...shape]) };
}

/** Several values with their axes in the same places, as elementwise operators broadcast them: those of the widest. */
export function aligned(axes: AxesWriter, values: readonly Value[]): { tensors: string[]; order: readonly number[] | undefined } {
  const rankOf = ({ tensor }: Value) => axes.graph.shape(tensor).length;
  const rank = Math.max(...values.map(rankOf));
  const order = values.find((value) => rankOf(value) === rank && value.order)?.order;
  const tensors = values.map((value) => {
    const wide = order ? widened(axes, value, rank) : value;
    return rankOf(wide) === 0 ? wide.tensor : arrange(axes, wide, order);
  });
  return { tensors, order };
}
