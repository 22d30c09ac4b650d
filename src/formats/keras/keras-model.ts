// A Keras model, its layers and weights known, as what every reader of Pellucid gives.

import { fail } from "../../errors.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import type { LoadedModel, ModelInput } from "../loaded-model.ts";
import { buildModel, outputName } from "./build.ts";
import { keras3Masks, type MaskRules } from "./config/mask-rules.ts";
import { isList, type Json, type KerasLayer, type KerasModel } from "./ir.ts";
import { quantizationOf } from "./layers/quantization.ts";
import type { WeightSpec } from "./layers/weight-spec.ts";
import { planModel, type Step } from "./plan.ts";
import { guessPreprocessing } from "./preprocessing.ts";
import { allLayers, heldLayers, weightSpecs } from "./weight-slots.ts";
import type { ModelWeights } from "./weights.ts";

/** A model as a reader found it. */
export interface KerasFile {
  /** `keras`, `keras-h5`, `tfjs-layers`. */
  readonly format: string;
  readonly producer: string | undefined;
  readonly model: KerasModel;
  readonly weights: ModelWeights;
  /** Keras 3's if left out. */
  readonly masks?: MaskRules;
}

/**
 * The model, ready to be built at any input shape.
 *
 * @throws {BAD_MODEL} if weights are missing or layers form a circle
 */
export function loadKeras({ format, producer, model, weights, masks = keras3Masks }: KerasFile): LoadedModel {
  checkComplete(model, weights);
  const plan = planModel(model);
  const channelsFirst = hasChannelsFirst(model);
  const inputs = plan.inputs.map(({ step }) => describeInput(model, (plan.steps[step] as Step).layer, weights, channelsFirst));
  const parameters = ({ layer }: Step) => (layer.model ? 0 : countParameters(layer, weights));
  return {
    format,
    producer,
    name: model.name,
    inputs,
    outputs: plan.outputs.map((output) => outputName(plan, output)),
    preprocessing: guessPreprocessing(plan),
    labels: undefined,
    build: (shapes, until) => {
      for (const input of inputs) checkRank(input, shapes[input.name]);
      const resized = inputs.some((input) => input.shape.some((d, i) => i > 0 && typeof d === "number" && shapes[input.name]?.[i] !== d));
      return buildModel(plan, { weights, masks, channelsFirst, shapes, resized, until, parameters });
    },
  };
}

function checkComplete(model: KerasModel, weights: ModelWeights): void {
  for (const layer of allLayers(model)) {
    const specs = weightSpecs(layer);
    const missing = specs.filter(({ merged }, i) => !merged && !weights.get(layer)?.[i]);
    if (missing.length === 0) {
      checkIntegers(layer, specs, weights);
      continue;
    }
    const names = missing.map(({ name }) => name).join(", ");
    const isAsset = missing.some(({ asset }) => asset);
    fail("BAD_MODEL", `The file has no weights for layer "${layer.name}" (${layer.kind}): ${names} missing.`, {
      hint: isAsset ? "Save the model as .keras: no other file holds it." : hintForMissing(layer),
      details: { layer: layer.name, missing: missing.map(({ name }) => name) },
    });
  }
}

function hintForMissing(layer: KerasLayer): string {
  const mode = quantizationOf(layer)?.mode;
  if (mode !== "gptq" && mode !== "awq") return "Save the model again, whole; or give the weights that belong to this architecture.";
  return "Keras 3.14 and 3.15 leave the zeros of GPTQ and AWQ out of .keras files: save the model as .h5, or before it is quantized.";
}

/** Whether weights are integers just where the layer says so. Keras forgets to say it of the parts of attention layers. */
function checkIntegers(layer: KerasLayer, specs: readonly WeightSpec[], weights: ModelWeights): void {
  specs.forEach(({ name, integers }, i) => {
    const dtype = weights.get(layer)?.[i]?.weight.dtype;
    const quantized = dtype === "int8" || dtype === "uint8";
    if (dtype === undefined || (integers ? dtype === integers : !quantized)) return;
    fail("BAD_MODEL", `Layer "${layer.name}" (${layer.kind}): its "${name}" is ${dtype} in the file, but ${integers ?? "floats are"} needed.`, {
      hint: integers ? "Save the model again with Keras." : "The layer is quantized, but the model does not say so. Save it before it is quantized.",
      details: { layer: layer.name, weight: name, dtype },
    });
  });
}

/** Whether the model's pictures have their channels first: as its first layer that says so. */
function hasChannelsFirst(model: KerasModel): boolean {
  const formats = allLayers(model).map(({ config }) => config.data_format);
  return formats.find((format) => typeof format === "string") === "channels_first";
}

function describeInput(model: KerasModel, layer: KerasLayer, weights: ModelWeights, channelsFirst: boolean): ModelInput {
  const shape = inputShape(layer.config.batch_shape) ?? shapeFromWeights(model, weights, channelsFirst);
  if (!shape) {
    return fail("BAD_MODEL", `The file does not say which shape the model's input "${layer.name}" has.`, {
      hint: "Give the model an InputLayer and save it again.",
      details: { input: layer.name },
    });
  }
  return { name: layer.name, dtype: "float32", shape, layout: shape.length === 4 ? (channelsFirst ? "NCHW" : "NHWC") : undefined };
}

function inputShape(value: Json | undefined): (number | null)[] | undefined {
  const list = isList(value) && isList(value[0]) ? value[0] : value;
  if (!isList(list) || list.length === 0) return undefined;
  return list.map((d) => (typeof d === "number" && Number.isSafeInteger(d) && d > 0 ? d : null));
}

/** Old Sequentials may leave their shape open: what the first layer's kernel says of it. */
function shapeFromWeights(model: KerasModel, weights: ModelWeights, channelsFirst: boolean): (number | null)[] | undefined {
  const first = model.layers.find((layer) => weights.has(layer));
  const kernel = first && weights.get(first)?.[0]?.weight.shape;
  if (model.kind !== "Sequential" || !kernel) return undefined;
  if (first.kind === "Dense") return [null, kernel[0] as number];
  if (first.kind !== "Conv2D") return undefined;
  return channelsFirst ? [null, kernel[2] as number, null, null] : [null, null, null, kernel[2] as number];
}

function countParameters(layer: KerasLayer, weights: ModelWeights): number {
  return heldLayers(layer)
    .flatMap((held) => (weights.get(held) ?? []).filter((_, i) => !weightSpecs(held)[i]?.asset))
    .reduce((n, { weight }) => n + sizeOf(weight.shape), 0);
}

function checkRank(input: ModelInput, shape: readonly number[] | undefined): void {
  if (shape && shape.length !== input.shape.length) {
    fail("SHAPE_MISMATCH", `Input "${input.name}" has ${input.shape.length} axes, not ${shape.length}.`, { details: { input: input.name, shape } });
  }
}
