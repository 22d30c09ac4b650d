// The layers that a wrapper's options hold.

import { isList, isObject, type Json, type JsonObject, type KerasLayer, lookUp } from "../ir.ts";

/**
 * `layer`, for Bidirectional the same forwards and backwards; the `layers` of a Pipeline; for an RNN around several cells a
 * layer each. @param read reads a layer's configuration
 */
export function readWrapped(kind: string, config: JsonObject, read: (json: Json) => KerasLayer): readonly KerasLayer[] {
  const { layer, layers, backward_layer: backward } = config;
  if (kind === "Pipeline" && isList(layers)) return layers.map(read);
  if (kind === "StackedRNN") return readCells(config, read);
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

/**
 * An RNN around a cell of Keras's is the layer of that cell, with the options of both; around several cells a StackedRNN;
 * undefined for other cells.
 */
export function layerOfCell({ cell, ...options }: JsonObject): { readonly kind: string; readonly config: JsonObject } | undefined {
  if (!isObject(cell) || typeof cell.class_name !== "string" || !isObject(cell.config)) return undefined;
  const { cells } = cell.config;
  if (cell.class_name === "StackedRNNCells") {
    const known = isList(cells) && cells.length > 0 && cells.every((each) => isObject(each) && lookUp(CELLS, String(each.class_name)) !== undefined);
    return known ? { kind: "StackedRNN", config: { ...options, cells } } : undefined;
  }
  const kind = lookUp(CELLS, cell.class_name);
  return kind === undefined ? undefined : { kind, config: { ...cell.config, ...options } };
}

/** Cells one above the other as layers: all but the last give every step, and the first alone can go backwards. */
function readCells({ cells, go_backwards, return_sequences }: JsonObject, read: (json: Json) => KerasLayer): readonly KerasLayer[] {
  const list = isList(cells) ? cells : [];
  return list.map((cell, i) => {
    const layer = read(cell);
    const kind = lookUp(CELLS, layer.kind) ?? layer.kind;
    const sequences = i < list.length - 1 ? true : (return_sequences ?? false);
    return { ...layer, kind, config: { ...layer.config, return_sequences: sequences, go_backwards: i === 0 ? (go_backwards ?? false) : false } };
  });
}
