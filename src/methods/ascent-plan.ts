// What an ascent needs to know before its first step: the layer, the filters, the picture's shape, how many run at once.

import { fail } from "../errors.ts";
import type { Layer, ModelInput } from "../formats/loaded-model.ts";
import type { Graph } from "../graph/types.ts";
import type { Model, ModelAt } from "../model.ts";
import { byteSize } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { type AscentStep, ascentGraph, channelsOf, countChannels, type GradientNorm } from "./ascent-graph.ts";
import { checkChoice } from "./check-choice.ts";
import { type PixelScale, pixelScale } from "./pixel-scale.ts";

export interface FilterOptions {
  /** The layer's name, or a tensor's. Any layer works: convolutions, whole blocks, dense layers, the classes. */
  layer: string;
  /** Which filters, by index. Default: all. */
  filters?: readonly number[];
  /** Height and width of the pictures. Default: the model's own input size; 150 where it leaves that open. */
  size?: number | readonly [number, number];
  /** Steps of ascent. Default: 40. */
  steps?: number;
  /**
   * Length of a step in pixel values of 0..255; the model's preprocessing brings it into the input's scale. Default: 1 for
   * `rms`; 2550 for `l2`, which is 10 for pictures of 0..1.
   */
  stepSize?: number;
  /**
   * What the gradient is divided by: its root mean square (the chapter's first edition) or its L2 norm (the second).
   * Default: `rms`.
   */
  normalize?: GradientNorm;
  /** Bounds that pixels are kept in after every step, in pixel values. Default: none. */
  range?: readonly [number, number];
  /** Seed of the noise that the pictures start from. Default: 0. */
  seed?: number;
  /** How many filters advance together. Default: up to 8. */
  batch?: number;
  signal?: AbortSignal;
}

export interface AscentPlan {
  readonly layer: Layer;
  readonly input: ModelInput;
  readonly filters: readonly number[];
  /** How many filters advance together. */
  readonly batch: number;
  /** How many of them ONNX Runtime takes at once. */
  readonly portion: number;
  readonly steps: number;
  readonly seed: number;
  /** Shape of a portion of pictures, own layout. */
  readonly shape: readonly number[];
  readonly scale: PixelScale;
  /** Names the session that runs the step. */
  readonly key: string;
  readonly graph: () => Graph;
}

/**
 * What the tensors of a portion may take, forward and backward together, in bytes: about what a processor's cache holds.
 * Larger portions are slower per picture, by a tenth on VGG16 (measured).
 */
const CACHE = 2 ** 26;

/** @throws {UNKNOWN_LAYER} @throws {BAD_ARGUMENT} @throws {SHAPE_MISMATCH} */
export function planAscent(model: Model, options: FilterOptions): AscentPlan {
  const { steps = 40, normalize = "rms", seed = 0 } = options;
  const stepSize = options.stepSize ?? (normalize === "rms" ? 1 : 2550);
  checkChoice("normalize", normalize, ["rms", "l2"]);
  checkNumber("steps", steps, Number.isInteger(steps) && steps >= 0);
  checkNumber("stepSize", stepSize, Number.isFinite(stepSize));
  checkOnlyInput(model);
  const layer = model.layer(options.layer);
  const at = (batch: number) => model.at({ batch, size: pictureSize(model, options.size), until: layer.name });
  const one = at(1);
  const channels = countChannels(layer, one.infos.get(layer.output)?.shape ?? []);
  const filters = checkFilters(layer, options.filters, channels);
  const batch = evenBatches(filters.length, options.batch ?? 8);
  const portion = evenBatches(batch, itemsWithin(CACHE, one));
  const whole = at(portion);
  const shape = whole.infos.get(model.input.name)?.shape as readonly number[];
  const step: AscentStep = { normalize, stepSize, range: options.range };
  return {
    layer,
    input: model.input,
    filters,
    batch,
    portion,
    steps,
    seed,
    shape,
    scale: pixelScale(model.preprocessing, channelsOf(model.input, shape)),
    key: `ascent ${JSON.stringify([layer.output, shape, step])}`,
    graph: () => ascentGraph(model, whole, layer, step),
  };
}

/** The size asked for, else the model's own, else 150 (the chapter's). */
function pictureSize(model: Model, asked: FilterOptions["size"]): readonly [number, number] | undefined {
  if (typeof asked === "number") return [asked, asked];
  if (asked) return asked;
  const open = model.input.layout !== undefined && model.input.shape.slice(1).some((d) => typeof d !== "number");
  return model.size ?? (open ? [150, 150] : undefined);
}

/** All filters, or those asked for. @throws {BAD_ARGUMENT} */
function checkFilters(layer: Layer, asked: readonly number[] | undefined, channels: number): readonly number[] {
  if (!asked) return Array.from({ length: channels }, (_, i) => i);
  const wrong = asked.find((filter) => !Number.isInteger(filter) || filter < 0 || filter >= channels);
  if (wrong !== undefined || asked.length === 0) {
    fail("BAD_ARGUMENT", `Layer "${layer.name}" has no filter ${wrong ?? "in an empty list"}.`, {
      hint: `It has ${channels} filters: 0 to ${channels - 1}.`,
      details: { layer: layer.name, filter: wrong, channels },
    });
  }
  return asked;
}

function checkOnlyInput(model: Model): void {
  if (model.loaded.inputs.length === 1) return;
  fail("BAD_ARGUMENT", `The model has ${model.loaded.inputs.length} inputs; an ascent needs one with a single input.`, {
    details: { inputs: model.loaded.inputs.map((input) => input.name) },
  });
}

function checkNumber(name: string, value: number, good: boolean): void {
  if (!good) fail("BAD_ARGUMENT", `The option "${name}" cannot be ${value}.`, { details: { [name]: value } });
}

/** The largest batch size, at most `most`, that cuts `count` filters into batches as even as possible. */
function evenBatches(count: number, most: number): number {
  checkNumber("batch", most, Number.isInteger(most) && most >= 1);
  return Math.ceil(count / Math.ceil(count / most));
}

/** How many items' tensors fit into `bytes`, at least one: each tensor of the forward pass and its gradient. */
function itemsWithin(bytes: number, { graph, infos }: ModelAt): number {
  const made = graph.nodes.flatMap((node) => node.outputs).map((name) => infos.get(name));
  const item = made.reduce((sum, info) => sum + (info ? 2 * sizeOf(info.shape) * byteSize(info.dtype) : 0), 0);
  return Math.max(1, Math.floor(bytes / Math.max(item, 1)));
}
