// What the filters of a layer respond to most: pictures found by gradient ascent from noise.
// Chollet, Deep Learning with Python, "Visualizing convnet filters".

import type { Model } from "../model.ts";
import { itemAt, type Tensor } from "../tensor/tensor.ts";
import type { FilterOptions } from "./ascent-plan.ts";
import { type FilterStep, filterSteps } from "./filter-steps.ts";

export interface FiltersOptions extends FilterOptions {
  /** Called for every state of the ascent, the start included. */
  onProgress?: (step: FilterStep) => void;
}

/** The pattern that one filter responds to. */
export interface FilterPattern {
  readonly layer: string;
  readonly filter: number;
  /** The picture in the model's own input space and layout, without a batch: `[H, W, C]` or `[C, H, W]`. */
  readonly image: Tensor<"float32">;
  /** The filter's mean activation on it. */
  readonly activation: number;
  /** Whether no gradient ever reached the picture: it is the noise that it began as, and says nothing of the filter. */
  readonly silent: boolean;
}

/**
 * Gradient ascent on the mean activation of filters: from a grey picture with a little noise, `steps` steps along the
 * normalised gradient. One session serves a layer; filters run in batches. The same seed gives the same pictures.
 *
 * @throws {UNKNOWN_LAYER} @throws {BAD_ARGUMENT} @throws {SHAPE_MISMATCH} @throws {NO_GRADIENT} @throws {ABORTED}
 * @example
 * const patterns = await filters(model, { layer: "block3_conv1", filters: [0, 1, 2], size: 150 });
 */
export async function filters(model: Model, { onProgress, ...options }: FiltersOptions): Promise<FilterPattern[]> {
  const patterns: FilterPattern[] = [];
  for await (const step of filterSteps(model, options)) {
    onProgress?.(step);
    if (step.step === step.steps) patterns.push(...finished(step));
  }
  return patterns;
}

function finished({ layer, filters, images, activations, silent }: FilterStep): FilterPattern[] {
  return filters.map((filter, i) => ({
    layer,
    filter,
    image: itemAt(images, i),
    activation: activations[i] as number,
    silent: silent[i] as boolean,
  }));
}
