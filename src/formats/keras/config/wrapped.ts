// The layers that a wrapper's options hold.

import { isList, isObject, type Json, type JsonObject, type KerasLayer, lookUp } from "../ir.ts";

/** `layer`, for Bidirectional the same forwards and backwards; the `layers` of a Pipeline. @param read reads a layer's configuration */
export function readWrapped(kind: string, { layer, layers, backward_layer: backward }: JsonObject, read: (json: Json) => KerasLayer): readonly KerasLayer[] {
  if (kind === "Pipeline" && isList(layers)) return layers.map(read);
  if (!isObject(layer)) return [];
  const first = read(layer);
  if (kind !== "Bidirectional") return [first];
  const second = isObject(backward) ? read(backward) : { ...first, config: { ...first.config, go_backwards: first.config.go_backwards !== true } };
  return [
    { ...first, name: `forward_${first.name}` },
    { ...second, name: `backward_${second.name}` },
  ];
}

/** Layers that stand for a cell of Keras's within an RNN. */
const CELLS: Readonly<Record<string, string>> = { LSTMCell: "LSTM", GRUCell: "GRU", SimpleRNNCell: "SimpleRNN" };

/** An RNN around a cell of Keras's is the layer of that cell, with the options of both; undefined for other cells. */
export function layerOfCell({ cell, ...options }: JsonObject): { readonly kind: string; readonly config: JsonObject } | undefined {
  if (!isObject(cell) || typeof cell.class_name !== "string" || !isObject(cell.config)) return undefined;
  const kind = lookUp(CELLS, cell.class_name);
  return kind === undefined ? undefined : { kind, config: { ...cell.config, ...options } };
}
