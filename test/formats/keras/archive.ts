// `.keras` files with changes made to what Keras wrote.

import { unzipSync, zipSync } from "fflate";
import type { JsonObject } from "../../../src/formats/json.ts";
import { referenceBytes } from "../../reference-files.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests change a configuration at will
export type Config = any;

/** A Sequential of `features` (a model), Flatten, Dense, Dropout, Dense. */
const NETWORK = "keras/models/keras3.keras";

/** The configuration of a file in test/reference. */
export function readConfig(file = NETWORK): Config {
  const members = unzipSync(referenceBytes(file));
  return JSON.parse(new TextDecoder().decode(members["config.json"]));
}

/** The same file with another configuration, and without some members. */
export function withConfig(config: JsonObject | string, without: readonly string[] = [], file = NETWORK): Uint8Array {
  const members = unzipSync(referenceBytes(file));
  members["config.json"] = new TextEncoder().encode(typeof config === "string" ? config : JSON.stringify(config));
  for (const name of without) delete members[name];
  return zipSync(members, { level: 0 });
}

/** The file with a change made to its configuration. */
export function changed(change: (config: Config) => void): Uint8Array {
  const config = readConfig();
  change(config);
  return withConfig(config);
}

/** The layers of the nested model `features`: image, conv1, bn1, pool1, conv2, bn2. */
export function inner(config: Config): Config[] {
  return config.config.layers[1].config.layers;
}
