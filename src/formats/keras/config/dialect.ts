// Which Keras wrote a model, as far as its meaning depends on it.

import { isList, isObject, type Json, type JsonObject } from "../ir.ts";
import { type MaskRules, maskRules } from "./mask-rules.ts";

export interface Dialect {
  /** Keras 1, Keras 2 (tf.keras up to TensorFlow 2.15 and TensorFlow.js too), or Keras 3. */
  readonly major: 1 | 2 | 3;
  /** Keras for several backends, 2.2.3 to 2.3.1, and TensorFlow.js itself: their bilinear upsampling puts pixels elsewhere. */
  readonly cornerUpsampling: boolean;
  /** TensorFlow.js itself saved the model: some options do less there than in Keras. */
  readonly tfjs: boolean;
  readonly masks: MaskRules;
}

/** The dialect of a model's configuration. @param version `keras_version`, where the file has one */
export function readDialect(config: Json, version: string | undefined): Dialect {
  const major = version !== undefined && /^[123]\./.test(version) ? (Number(version[0]) as 1 | 2 | 3) : guessMajor(config);
  const backends = version !== undefined && /^2\.(2\.[34]|3\.)/.test(version) && !version.includes("tf");
  const tfjs = version?.startsWith("tfjs") === true;
  return { major, cornerUpsampling: backends || tfjs, tfjs, masks: maskRules(major, version) };
}

/** From words that only one generation uses. */
function guessMajor(config: Json): 1 | 2 | 3 {
  if (hasKey(config, "border_mode", "nb_filter", "input_dtype", "dim_ordering", "inner_activation", "W_regularizer")) return 1;
  return hasKey(config, "batch_shape", "keras_history") ? 3 : 2;
}

function hasKey(value: Json | undefined, ...keys: string[]): boolean {
  if (isList(value)) return value.some((item) => hasKey(item, ...keys));
  if (!isObject(value)) return false;
  return keys.some((key) => key in value) || Object.values(value).some((item) => hasKey(item, ...keys));
}

/** Values without the wrappings that Keras puts around tuples and arrays: `{"class_name": "__tuple__", "items": […]}`. */
export function unwrap(value: Json): Json {
  if (isList(value)) return value.map(unwrap);
  if (!isObject(value)) return value;
  const { class_name: kind, items, config } = value;
  if ((kind === "__tuple__" || kind === "TensorShape") && isList(items)) return items.map(unwrap);
  if ((kind === "__numpy__" || kind === "__tensor__") && isObject(config)) return config.value ?? null;
  if (value.type === "ndarray" && value.value !== undefined) return value.value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item as Json)])) satisfies JsonObject;
}
