// How a layer's weights are quantized, as Keras 3 says it: by the layer's dtype (`int4/128_from_float32`) and, since 3.13, by
// its `quantization_config`.

import { fail } from "../../../errors.ts";
import { isObject, type Json, type JsonObject, type KerasLayer } from "../ir.ts";
import type { AbsMax } from "./rounding.ts";

const modes = ["int8", "int4", "float8", "gptq", "awq"] as const;
type Mode = (typeof modes)[number];

export interface Quantization {
  readonly mode: Mode;
  /** Bits of a weight where it is GPTQ's. */
  readonly bits: number;
  /** How many inputs share a scale and a zero in int4; undefined where each output has one scale. */
  readonly block: number | undefined;
  /** How the inputs are rounded; undefined where they are not, `default` where that is left to the layer. */
  readonly inputs: AbsMax | "default" | undefined;
  /** The dtype that the layer was quantized from. */
  readonly source: string;
}

/** Keras's own choice where nothing is said. */
export const defaultRounding: AbsMax = { low: -127, high: 127, epsilon: 1e-7 };

/** What Keras can compute quantized. */
const quantizable: Readonly<Record<string, readonly Mode[]>> = {
  Dense: modes,
  EinsumDense: modes,
  Embedding: ["int8", "int4"],
  ReversibleEmbedding: ["int8", "int4"],
};

type Named = Pick<KerasLayer, "name" | "kind" | "config">;

/** A layer's quantization; undefined if its weights are floats. @throws {UNSUPPORTED_LAYER} */
export function quantizationOf(layer: Named): Quantization | undefined {
  const { dtype, quantization_config: asked } = layer.config;
  const policy = policyName(dtype);
  if (isObject(dtype) && dtype.class_name === "DTypePolicyMap") return refuseMap(layer, dtype);
  const [, name = "", source = ""] = /^(.+)_from_(.+)$/.exec(policy ?? "") ?? [];
  if (name === "")
    return isObject(dtype) && /Quantized|Int4|GPTQ|AWQ/.test(String(dtype.class_name)) ? refuse(layer, "does not say how it is quantized") : undefined;
  const [word, first] = name.split("/");
  const mode = modes.find((known) => known === word);
  if (!mode) return refuse(layer, `is quantized as "${name}", which Pellucid does not know`);
  if (!Object.hasOwn(quantizable, layer.kind) || !quantizable[layer.kind]?.includes(mode)) {
    return refuse(layer, `is to compute in ${mode}, which Keras has for ${listed(mode)} only`);
  }
  const bits = mode === "gptq" ? Number(first) : 4;
  if (![2, 3, 4, 8].includes(bits)) return refuse(layer, `has weights of ${first} bits`);
  const config = quantizerConfig(layer, asked);
  const block = mode === "int4" ? (config ? config.block_size : first) : undefined;
  const rounds = mode === "int8" || mode === "int4";
  return { mode, bits, block: blockSize(block), inputs: rounds ? rounding(layer, config) : undefined, source };
}

/** A policy by its name: as a text, or as an object that has the name or its two parts. */
function policyName(dtype: Json | undefined): string | undefined {
  if (typeof dtype === "string") return dtype;
  if (!isObject(dtype) || !isObject(dtype.config)) return undefined;
  const { mode, source_name: source, name } = dtype.config;
  if (typeof mode === "string") return `${mode}_from_${typeof source === "string" ? source : "float32"}`;
  return typeof name === "string" ? name : undefined;
}

/** -1, None and what is left out: one scale for each output. */
function blockSize(value: Json | undefined): number | undefined {
  const size = Number(value ?? -1);
  return Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

/** The options of a `quantization_config`. Layers that the mode does not fit have one too, and a plain dtype. */
function quantizerConfig(layer: Named, value: Json | undefined): JsonObject | undefined {
  if ((value ?? null) === null) return undefined;
  const known = isObject(value) && /^(Int8|Int4|Float8)QuantizationConfig$|^(GPTQ|AWQ)Config$/.test(String(value.class_name));
  if (known && isObject(value.config)) return value.config;
  return refuse(layer, `is quantized by ${isObject(value) ? `a "${value.class_name}"` : "something"} that Pellucid does not know`);
}

function rounding(layer: Named, config: JsonObject | undefined): Quantization["inputs"] {
  const quantizer = config ? (config.activation_quantizer ?? null) : "default";
  if (quantizer === "default") return "default";
  if (quantizer === null) return undefined;
  if (!isObject(quantizer) || quantizer.class_name !== "AbsMaxQuantizer" || !isObject(quantizer.config)) {
    return refuse(layer, `rounds its inputs by ${isObject(quantizer) ? `a "${quantizer.class_name}"` : "something"} that Pellucid does not know`);
  }
  // Dense layers say the axis themselves.
  const { axis } = quantizer.config;
  if (layer.kind === "ReversibleEmbedding" && (axis ?? null) !== null && String(axis) !== "-1") return refuse(layer, `rounds its inputs along axis ${axis}`);
  const { value_range: range = [-127, 127], epsilon = defaultRounding.epsilon, output_dtype: dtype = "int8" } = quantizer.config;
  const [low, high] = Array.isArray(range) ? range : [];
  const isWhole = (n: Json | undefined): n is number => Number.isInteger(n) && Math.abs(n as number) <= 128;
  if (!isWhole(low) || !isWhole(high) || high <= 0 || low > high || typeof epsilon !== "number" || dtype !== "int8") {
    return refuse(layer, `rounds its inputs to ${JSON.stringify(dtype)} from ${JSON.stringify(range)}, which Pellucid does not know`);
  }
  return { low, high, epsilon };
}

/** Policies by the paths that layers had when the model was made, which the file does not tell. */
function refuseMap(layer: Named, { config }: JsonObject): undefined {
  const { policy_map: map, default_policy: fallback } = isObject(config) ? config : {};
  const policies = [fallback, ...Object.values(isObject(map) ? map : {})];
  if (policies.every((policy) => !policyName(policy ?? undefined)?.includes("_from_"))) return undefined;
  return refuse(layer, "has a map of dtypes (DTypePolicyMap), some of them quantized");
}

function listed(mode: Mode): string {
  const kinds = Object.keys(quantizable).filter((kind) => quantizable[kind]?.includes(mode));
  return `${kinds.slice(0, -1).join(", ")} and ${kinds.at(-1)}`;
}

function refuse(layer: Named, what: string): never {
  return fail("UNSUPPORTED_LAYER", `Layer "${layer.name}" (${layer.kind}) ${what}.`, {
    hint: "Save the model before it is quantized.",
    details: { layer: layer.name, class: layer.kind },
  });
}
