// Masks: which steps of a tensor count. Keras keeps them beside tensors; here they are nodes once a layer asks for them.

import type { Argument, Call } from "../ir.ts";
import type { AxesWriter } from "./axes.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { Mask, Value } from "./value.ts";

/** The mask of each output, before the layer is written; none for those that are left out. */
export type MaskRule = (w: LayerWriter) => readonly (Mask | undefined)[];

/** A mask that is written once, among the nodes of the layer that it comes from. */
export function lazily({ graph }: AxesWriter, write: () => string): Mask {
  const { scope } = graph;
  let made: string | undefined;
  return () => {
    if (made !== undefined) return made;
    const asking = graph.scope;
    graph.scope = scope;
    made = write();
    graph.scope = asking;
    return made;
  };
}

/** A tensor as truth values: everything but 0 counts. */
export function truth({ graph }: AxesWriter, tensor: string): string {
  return graph.dtype(tensor) === "bool" ? tensor : graph.emit("Cast", [tensor], { to: 9 });
}

/** The masks that a call names; undefined where it names none. */
export function givenMasks(state: AxesWriter, { kwargs }: Call<Value>, name: string): readonly (Mask | undefined)[] | undefined {
  const given = kwargs[name];
  if (!given || given.kind === "value") return undefined;
  const read = (argument: Argument<Value>): Mask | undefined => {
    if (argument.kind !== "tensor") return undefined;
    const { tensor, order } = argument.tensor;
    return lazily(state, () => truth(state, order ? state.transposed(tensor, order) : tensor));
  };
  return given.kind === "list" ? given.items.map(read) : [read(given)];
}

/** The first input's mask holds for the output too. */
export const passesOn: MaskRule = (w) => w.masks.slice(0, 1);

/** The same, since Keras 3. */
export const passesOnSince3: MaskRule = (w) => (w.state.masks.keras3 ? passesOn(w) : []);

/** For layers that give all steps or the last one. */
export const passesOnSequences: MaskRule = (w) => (w.config.flag("return_sequences", false) ? passesOn(w) : []);

/** A value with a mask. The tensor that came in keeps its place. */
export function withMask({ tensor, order }: Value, mask: Mask | undefined, input?: Value): Value {
  const value = order ? { tensor, order } : { tensor };
  if (mask === undefined) return value;
  const isInput = input?.tensor === tensor && input.masked?.mask === mask;
  return { ...value, masked: isInput ? input.masked : { mask } };
}

/** Truth values as 0 and 1. */
export const asNumbers = (w: LayerWriter, mask: string) => w.emit("Cast", [mask], { to: 1 });

/** Whether any of the values along an axis is true. */
export function anyAlong(w: LayerWriter, mask: string, axis: number, keepdims: 0 | 1 = 0): string {
  return w.emit("Cast", [w.emit("ReduceMax", [asNumbers(w, mask), w.ints([axis])], { keepdims })], { to: 9 });
}
