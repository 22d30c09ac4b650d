// The networks as Keras itself builds them, see tools/reference/zoo.py.

import { gunzipSync } from "node:zlib";
import type { Json, JsonObject } from "../../src/formats/keras/ir.ts";
import { referenceBytes } from "../reference-files.ts";

/** Name, class, options, inputs, output shape, weight shapes, and the layers within it. */
export type Listed = [name: string, kind: string, options: JsonObject, inputs: Json[], output: (number | null)[], weights: number[][], inner?: Listed[]];

/** By name; without the top: `vgg16 notop`. */
export const listings = JSON.parse(gunzipSync(referenceBytes("zoo/architectures.json.gz")).toString()) as Record<string, Listed[]>;

/** Layers and those within them. */
export function flat(listed: readonly Listed[]): Listed[] {
  return listed.flatMap((layer) => [layer, ...flat(layer[6] ?? [])]);
}

/** The shapes of each layer's weights. */
export function weightShapes(listed: readonly Listed[]): Map<string, number[][]> {
  return new Map(flat(listed).map(([name, , , , , weights]) => [name, weights]));
}
