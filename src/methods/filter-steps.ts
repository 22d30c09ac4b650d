// Gradient ascent on the filters of a layer, step by step: the pictures as they form.
// Chollet, Deep Learning with Python, "Visualizing convnet filters"; Erhan et al. 2009, "Visualizing higher-layer features".

import type { Model } from "../model.ts";
import { runInOrder, type Session } from "../runtime/session.ts";
import { uniform } from "../tensor/random.ts";
import { int64, sizeOf, type Tensor, zeros } from "../tensor/tensor.ts";
import { type AscentPlan, type FilterOptions, planAscent } from "./ascent-plan.ts";

/** The pictures of the filters that run together, between two steps. */
export interface FilterStep {
  readonly layer: string;
  /** Indices of these filters. */
  readonly filters: readonly number[];
  /** Steps done: 0 at the start, `steps` at the end. */
  readonly step: number;
  readonly steps: number;
  /** How many filters were finished before these, and how many there are in all. */
  readonly done: number;
  readonly total: number;
  /** The pictures in the model's own input space and layout, `[filters, …]`. */
  readonly images: Tensor<"float32">;
  /** Mean activation of each filter on its picture. */
  readonly activations: readonly number[];
  /** Whether no gradient has reached the picture so far: it still is the noise that it began as. */
  readonly silent: readonly boolean[];
}

/**
 * Yields every state of the ascent, batch by batch: `steps + 1` for each batch, the start included. Stop asking to pause,
 * `return()` to stop. The same seed gives the same pictures, whichever filters run together.
 *
 * @throws {UNKNOWN_LAYER} @throws {BAD_ARGUMENT} @throws {SHAPE_MISMATCH} @throws {ABORTED}
 * @example
 * for await (const { step, images } of filterSteps(model, { layer: "block3_conv1", filters: [0, 1] })) show(step, images);
 */
export async function* filterSteps(model: Model, options: FilterOptions): AsyncGenerator<FilterStep> {
  const plan = planAscent(model, options);
  const { session, release } = await model.session(plan.key, plan.graph);
  try {
    for (let done = 0; done < plan.filters.length; done += plan.batch) {
      yield* ascend(session, plan, done, options.signal);
    }
  } finally {
    await release();
  }
}

type Floats = Tensor<"float32">;

/** The ascent of one batch of filters, portion by portion. */
async function* ascend(session: Session, plan: AscentPlan, done: number, signal: AbortSignal | undefined): AsyncGenerator<FilterStep> {
  const filters = plan.filters.slice(done, done + plan.batch);
  const portions = portionsOf(filters, plan.portion);
  const channels = portions.map((portion) => int64([plan.portion], portion));
  let images = portions.map((portion) => startImages(portion, plan));
  let silent = filters.map(() => true);
  for (let step = 0; step <= plan.steps; step++) {
    const results: Floats[][] = [];
    for (const [i, image] of images.entries()) results.push((await runInOrder(session, [image, channels[i] as Tensor], signal)) as Floats[]);
    const numbers = (output: number) => results.flatMap((result) => Array.from((result[output] as Floats).data)).slice(0, filters.length);
    const [activations, norms] = [numbers(0), numbers(1)];
    silent = silent.map((still, i) => still && !isUsable(norms[i] as number));
    yield {
      layer: plan.layer.name,
      filters,
      step,
      steps: plan.steps,
      done,
      total: plan.filters.length,
      images: together(images, filters.length),
      activations,
      silent,
    };
    images = images.map((before, i) => takeStep(before, results[i]?.[2] as Floats, results[i]?.[1] as Floats));
  }
}

/** The filters in portions of the size that the session takes: the last is filled up with its last filter again. */
function portionsOf(filters: readonly number[], size: number): number[][] {
  const count = Math.ceil(filters.length / size);
  return Array.from({ length: count }, (_, k) => Array.from({ length: size }, (_, i) => filters[Math.min(k * size + i, filters.length - 1)] as number));
}

/**
 * Grey with a little noise, 128 + U(0, 20) in pixel values, brought into the model's input space. The numbers are drawn
 * pixel by pixel, so that a network starts alike in both layouts.
 */
function startImages(filters: readonly number[], { shape, input, scale, seed }: AscentPlan): Floats {
  const images = zeros("float32", shape);
  const size = sizeOf(shape.slice(1));
  const channels = scale.scale.length;
  const positions = size / channels;
  const [channelStep, positionStep] = input.layout === "NCHW" ? [positions, 1] : [1, channels];
  filters.forEach((filter, n) => {
    const random = uniform(seed, filter);
    for (let i = 0; i < size; i++) {
      const [position, c] = [Math.floor(i / channels), i % channels];
      const pixel = 128 + 20 * random();
      images.data[n * size + position * positionStep + c * channelStep] = pixel * (scale.scale[c] as number) + (scale.offset[c] as number);
    }
  });
  return images;
}

/** The next pictures; one whose gradient was infinite or not a number stays as it is. */
function takeStep(images: Floats, next: Floats, norms: Floats): Floats {
  const size = images.data.length / norms.data.length;
  norms.data.forEach((norm, i) => {
    if (!Number.isFinite(norm)) next.data.set(images.data.subarray(i * size, (i + 1) * size), i * size);
  });
  return next;
}

/** Whether a gradient of this norm moves a picture. */
function isUsable(norm: number): boolean {
  return norm > 0 && Number.isFinite(norm);
}

/** The first `count` pictures of all portions as one tensor. */
function together(portions: readonly Floats[], count: number): Floats {
  const shape = (portions[0] as Floats).shape;
  const all = zeros("float32", [count, ...shape.slice(1)]);
  let filled = 0;
  for (const { data } of portions) {
    all.data.set(data.subarray(0, all.data.length - filled), filled);
    filled += data.length;
  }
  return all;
}
