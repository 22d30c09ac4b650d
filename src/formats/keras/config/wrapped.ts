// The layers that a wrapper's options hold.

import { isObject, type Json, type JsonObject, type KerasLayer } from "../ir.ts";

/** `layer`, for Bidirectional the same forwards and backwards. @param read reads a layer's configuration */
export function readWrapped(kind: string, { layer, backward_layer: backward }: JsonObject, read: (json: Json) => KerasLayer): readonly KerasLayer[] {
  if (!isObject(layer)) return [];
  const first = read(layer);
  if (kind !== "Bidirectional") return [first];
  const second = isObject(backward) ? read(backward) : { ...first, config: { ...first.config, go_backwards: first.config.go_backwards !== true } };
  return [
    { ...first, name: `forward_${first.name}` },
    { ...second, name: `backward_${second.name}` },
  ];
}
