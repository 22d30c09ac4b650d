// What every dialect of Keras's configurations is read into: layers, how they are called, and what a model takes and gives.

import type { Json, JsonObject } from "../json.ts";

export { isList, isObject, type Json, type JsonObject, lookUp, parseJson } from "../json.ts";

/** Output `tensor` of call `node` (from 0) of a layer of the same model. */
export interface TensorRef {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** An argument of a call: a tensor, a structure of arguments, or a plain value. */
export type Argument<T = TensorRef> =
  | { readonly kind: "tensor"; readonly tensor: T }
  | { readonly kind: "list"; readonly items: readonly Argument<T>[] }
  | { readonly kind: "dict"; readonly items: Readonly<Record<string, Argument<T>>> }
  | { readonly kind: "value"; readonly value: Json };

/** One call of a layer. A shared layer has several. */
export interface Call<T = TensorRef> {
  readonly args: readonly Argument<T>[];
  readonly kwargs: Readonly<Record<string, Argument<T>>>;
}

export interface KerasLayer {
  readonly name: string;
  /** Keras 3's name of the class: `Conv2D`, also where the file says `Convolution2D`. */
  readonly kind: string;
  /** The class as the file spells it; its weights are found by it. */
  readonly className: string;
  /** Whether it is an operator of the graph (`a - b`) and no layer: `kind` is then an operator's name. */
  readonly operator: boolean;
  /** The layer's options, with Keras 3's names and meanings. */
  readonly config: JsonObject;
  readonly trainable: boolean;
  readonly calls: readonly Call[];
  /** The layers of a nested model. */
  readonly model?: KerasModel;
  /** The layers that a wrapper (TimeDistributed, Bidirectional) holds. */
  readonly wrapped?: readonly KerasLayer[];
}

export interface KerasModel {
  readonly name: string;
  readonly kind: "Sequential" | "Functional";
  readonly trainable: boolean;
  /** In the order of the file. */
  readonly layers: readonly KerasLayer[];
  /** The InputLayers. */
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

/** A reference to the output of a layer that is called once. */
export function outputOf(layer: KerasLayer): TensorRef {
  return { layer: layer.name, node: 0, tensor: 0 };
}

/** All tensors of an argument, in order; those of a dict by its sorted keys. */
export function tensorsOf<T>(argument: Argument<T>): T[] {
  switch (argument.kind) {
    case "tensor":
      return [argument.tensor];
    case "list":
      return argument.items.flatMap(tensorsOf);
    case "dict":
      return Object.keys(argument.items)
        .sort()
        .flatMap((key) => tensorsOf(argument.items[key] as Argument<T>));
    default:
      return [];
  }
}

/** The tensors that a layer is called with: those of the arguments, or where there are none of the keyword arguments. Masks are none. */
export function inputsOfCall<T>(call: Call<T>): T[] {
  const positional = call.args.flatMap(tensorsOf);
  if (positional.length > 0) return positional;
  const named = Object.entries(call.kwargs).filter(([name]) => !name.endsWith("mask"));
  return named.flatMap(([, argument]) => tensorsOf(argument));
}

/** All tensors of a call: of the arguments, then of the keyword arguments. */
export function tensorsOfCall<T>(call: Call<T>): T[] {
  return [...call.args, ...Object.values(call.kwargs)].flatMap(tensorsOf);
}

/** The call with every tensor replaced. */
export function mapCall<T, U>(call: Call<T>, replace: (tensor: T) => U): Call<U> {
  return { args: call.args.map((argument) => mapArgument(argument, replace)), kwargs: mapItems(call.kwargs, replace) };
}

function mapArgument<T, U>(argument: Argument<T>, replace: (tensor: T) => U): Argument<U> {
  switch (argument.kind) {
    case "tensor":
      return { kind: "tensor", tensor: replace(argument.tensor) };
    case "list":
      return { kind: "list", items: argument.items.map((item) => mapArgument(item, replace)) };
    case "dict":
      return { kind: "dict", items: mapItems(argument.items, replace) };
    default:
      return argument;
  }
}

function mapItems<T, U>(items: Readonly<Record<string, Argument<T>>>, replace: (tensor: T) => U): Record<string, Argument<U>> {
  return Object.fromEntries(Object.entries(items).map(([key, item]) => [key, mapArgument(item, replace)]));
}
