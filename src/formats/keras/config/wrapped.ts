// The layers that a wrapper's options hold.

import { isList, isObject, type Json, type JsonObject, type KerasLayer, lookUp } from "../ir.ts";
import type { Dialect } from "./dialect.ts";

type Read = (json: Json) => KerasLayer;

/**
 * `layer`, for Bidirectional the same forwards and backwards; the `layers` of a Pipeline; for an RNN around several cells a
 * layer each. @param read reads a layer's configuration
 */
export function readWrapped(kind: string, config: JsonObject, { masks }: Dialect, read: Read): readonly KerasLayer[] {
  const { layer, layers, backward_layer: backward } = config;
  if (kind === "Pipeline" && isList(layers)) return layers.map(read);
  if (kind === "StackedRNN") return readCells(config, read);
  if (!isObject(layer)) return [];
  const first = read(layer);
  if (kind !== "Bidirectional") return [first];
  const zeros = ({ config: options }: KerasLayer): JsonObject =>
    masks.zerosBothWays ? { ...options, zero_output_for_mask: options.return_sequences === true || options.return_sequences === 1 } : options;
  const turned = (one: KerasLayer): KerasLayer => ({ ...one, config: { ...one.config, go_backwards: one.config.go_backwards !== true } });
  const second = isObject(backward) ? read(backward) : turned(read(layer));
  return [
    { ...first, name: `forward_${first.name}`, config: zeros(first) },
    { ...second, name: `backward_${second.name}`, config: zeros(second) },
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

/** Cells one above the other, as the layers that have them. */
function readCells({ cells }: JsonObject, read: Read): readonly KerasLayer[] {
  return (isList(cells) ? cells : []).map(read).map((layer) => ({ ...layer, kind: lookUp(CELLS, layer.kind) ?? layer.kind }));
}
