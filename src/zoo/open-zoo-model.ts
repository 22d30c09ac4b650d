// Known networks with weights: the official ones, or the user's own.

import { openInput } from "#platform";
import { assert } from "../errors.ts";
import { loadKeras } from "../formats/keras/keras-model.ts";
import { hasWeightsFor, openWeights, type WeightsOnly, weightsFor } from "../formats/keras/weights-only.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import type { Source } from "../source.ts";
import type { ArchitectureOptions } from "./architecture.ts";
import { checkGeneration } from "./generations.ts";
import { imagenetClasses } from "./imagenet.ts";
import { type PullOptions, pull } from "./pull.ts";
import type { ZooModel } from "./zoo-model.ts";

/** Number of ImageNet's classes. */
const IMAGENET = 1000;

export interface ZooOptions extends PullOptions {
  /** Height and width of the input, where the top does not fix it. Default: open. */
  readonly size?: readonly [number, number];
}

/** A network with its official weights, which are downloaded if they are not in the cache. @throws as `pull` does */
export async function openZooModel(model: ZooModel, { size, ...options }: ZooOptions = {}): Promise<LoadedModel> {
  const { path } = await pull(model.name, options);
  const { source } = await openInput(path);
  assert(source, "a pulled file is a file");
  return load(model, await openWeights(source), optionsFor(model, options.includeTop ?? true, size));
}

/**
 * A network with weights of the user's own: with the top or without it, and with as many classes as the file has.
 *
 * @throws {BAD_MODEL} if the weights are those of another network @throws {BAD_ARGUMENT} if the file is a whole model
 */
export async function openWithWeights(model: ZooModel, source: Source, size?: readonly [number, number]): Promise<LoadedModel> {
  const weights = await openWeights(source);
  checkGeneration(model, weights);
  const options = { ...optionsFor(model, true), size: size ?? ([model.size, model.size] as const) };
  const whole = model.architecture(options);
  if (!(await hasWeightsFor(whole, weights))) return load(model, weights, optionsFor(model, false, size));
  const found = await weightsFor(whole, weights);
  const last = whole.layers.findLast((layer) => found.has(layer));
  const classes = (last && found.get(last)?.at(-1)?.weight.shape[0]) ?? IMAGENET;
  return load(model, weights, { ...options, classes });
}

/** The top belongs to one size; without it the size is open, if Keras leaves it open. */
function optionsFor({ size: own, fixedSize }: ZooModel, includeTop: boolean, size?: readonly [number, number]): ArchitectureOptions {
  const open = fixedSize ? ([own, own] as const) : ([null, null] as const);
  return { includeTop, classes: IMAGENET, size: includeTop ? [own, own] : (size ?? open) };
}

async function load(model: ZooModel, weights: WeightsOnly, options: ArchitectureOptions): Promise<LoadedModel> {
  const network = model.architecture(options);
  const loaded = loadKeras({ format: "keras-h5", producer: `keras.applications ${model.title}`, model: network, weights: await weightsFor(network, weights) });
  const isImageNet = options.includeTop && options.classes === IMAGENET;
  return {
    ...loaded,
    preprocessing: { preset: model.preset, reason: `as Keras's ${model.title} was trained` },
    labels: isImageNet ? (await imagenetClasses()).map(({ name }) => name) : undefined,
  };
}
