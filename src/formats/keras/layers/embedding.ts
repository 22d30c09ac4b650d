// Embeddings: rows of a table by number, and the way back. The table may be quantized.

import type { KerasLayer } from "../ir.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { countedTokens } from "./masking.ts";
import { type Quantization, quantizationOf } from "./quantization.ts";
import { inputRounding } from "./quantized-inputs.ts";
import { adapter, adapterWeights, fixed, packed, scaleGroups, unpack } from "./quantized-kernel.ts";
import { roundToMax } from "./rounding.ts";
import type { Value } from "./value.ts";
import { type WeightSpec, weight } from "./weight-spec.ts";

function tableWeights(config: Config, layer: KerasLayer): readonly WeightSpec[] {
  const [rows, size] = [config.int("input_dim"), config.int("output_dim")];
  const quantization = quantizationOf(layer);
  const adapters = adapterWeights(layer, "embeddings");
  if (!quantization) return [weight("embeddings", () => [rows, size], { trainable: adapters.length === 0 }), ...adapters];
  const four = quantization.mode === "int4";
  const groups = quantization.block ? [fixed("embeddings_zero", "int8"), fixed("g_idx")] : [];
  return [fixed("embeddings", "int8", () => [rows, four ? packed(size) : size]), fixed("embeddings_scale"), ...groups, ...adapters];
}

/** The table [rows, size] as floats, without LoRA's part. */
function table(w: LayerWriter, quantization: Quantization | undefined): string {
  const [rows, size] = [w.config.int("input_dim"), w.config.int("output_dim")];
  const stored = w.weight("embeddings");
  if (!quantization) return stored;
  const steps = quantization.mode === "int4" ? unpack(w, stored, 1, size, true) : stored;
  if (quantization.block) return scaleGroups(w, steps, "embeddings", 1);
  return w.emit("Div", [steps, w.state.graph.reshape(w.weight("embeddings_scale", [rows]), [rows, 1])]);
}

function withAdapter(w: LayerWriter, rows: string): string {
  const added = adapter(w, "embeddings", w.graphShape(rows));
  return added ? w.emit("Add", [rows, added]) : rows;
}

function look(w: LayerWriter): Value {
  const index = w.emit("Cast", [w.own(w.input)], { to: 7 });
  return w.fromOwn(w.emit("Gather", [withAdapter(w, table(w, quantizationOf(w.layer))), index], { axis: 0 }));
}

const Embedding: LayerDef = { kind: "Embedding", weights: tableWeights, masks: countedTokens, emit: look };

/** An Embedding that, called with `reverse`, multiplies by its table turned, or by a matrix of its own. */
const ReversibleEmbedding: LayerDef = {
  kind: "ReversibleEmbedding",
  note: "Quantized and called in reverse it has Keras's gradient: that of each row's largest number, which scales the rounding.",
  weights: (config, layer) => {
    const own = tableWeights(config, layer);
    return config.flag("tie_weights", true) ? own : [...own, ...reverseWeights(config, layer)];
  },
  masks: (w) => (isReverse(w) ? [] : countedTokens(w)),
  emit: (w) => (isReverse(w) ? reverse(w) : look(w)),
};

function reverseWeights(config: Config, layer: KerasLayer): readonly WeightSpec[] {
  const [rows, size] = [config.int("input_dim"), config.int("output_dim")];
  const quantization = quantizationOf(layer);
  if (!quantization) return [weight("reverse_embeddings", () => [size, rows])];
  const four = quantization.mode === "int4";
  const zero = quantization.block ? [fixed("reverse_embeddings_zero")] : [];
  return [fixed("reverse_embeddings", "int8", () => [four ? packed(size) : size, rows]), fixed("reverse_embeddings_scale"), ...zero];
}

function isReverse({ call }: LayerWriter): boolean {
  const said = call.kwargs.reverse ?? call.args[1];
  return said?.kind === "value" && said.value === true;
}

/** x · tableᵀ, softly held below `logit_soft_cap`. */
function reverse(w: LayerWriter): Value {
  const quantization = quantizationOf(w.layer);
  const to = inputRounding(quantization, true);
  const x = w.own(w.input);
  // Keras takes the gradient of this rounding as it is: zero but for the scale, the largest of each row.
  const read = to ? roundToMax(w, x, [w.graphShape(x).length - 1], to) : x;
  const logits = w.emit("MatMul", [read, reverseKernel(w, quantization)]);
  if (w.config.raw("logit_soft_cap") === undefined) return w.fromOwn(logits);
  const cap = w.scalar(w.config.number("logit_soft_cap"));
  return w.fromOwn(w.emit("Mul", [w.emit("Tanh", [w.emit("Div", [logits, cap])]), cap]));
}

function reverseKernel(w: LayerWriter, quantization: Quantization | undefined): string {
  const tied = w.config.flag("tie_weights", true);
  // Keras leaves LoRA's part out where the table is quantized.
  if (tied) return w.transpose(quantization ? table(w, quantization) : withAdapter(w, table(w, undefined)), [1, 0]);
  const stored = w.weight("reverse_embeddings");
  if (!quantization) return stored;
  const steps = quantization.mode === "int4" ? unpack(w, stored, 0, w.config.int("output_dim"), true) : stored;
  if (quantization.block) return scaleGroups(w, steps, "reverse_embeddings", 0);
  return w.emit("Div", [steps, w.weight("reverse_embeddings_scale", [w.config.int("input_dim")])]);
}

export const embeddingLayers: readonly LayerDef[] = [Embedding, ReversibleEmbedding];
