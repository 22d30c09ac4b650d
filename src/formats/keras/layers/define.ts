// What an entry in the table of layers looks like: a class's weights and how it becomes ONNX nodes.

import type { KerasLayer } from "../ir.ts";
import type { Config } from "./config.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { MaskRule } from "./masks.ts";
import type { Value } from "./value.ts";
import type { WeightSpec } from "./weight-spec.ts";

/** One class of layers. */
export interface LayerDef {
  readonly kind: string;
  /** None if left out. Their number depends on the options only. */
  readonly weights?: (config: Config, layer: KerasLayer) => readonly WeightSpec[];
  /** Writes the nodes of one call; returns its outputs. */
  readonly emit: (w: LayerWriter) => Value | readonly Value[];
  /** The outputs' masks; "own" if `emit` gives them. Left out, masks end at the layer. */
  readonly masks?: MaskRule | "own";
  /** For the generated table: what is not covered. */
  readonly note?: string;
}

/** Entries of several classes that do the same. */
export function sameFor(kinds: readonly string[], def: Omit<LayerDef, "kind">): LayerDef[] {
  return kinds.map((kind) => ({ kind, ...def }));
}
