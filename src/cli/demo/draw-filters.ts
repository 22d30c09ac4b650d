// The demo's pictures of filters: a grid for the first convolution of each block.

import { deprocess, type FilterPattern, filterGrid, filters, type LayerInfo, type Model } from "pellucid";
import type { Job } from "../job.ts";
import type { DemoOptions, FilterPicture } from "./results.ts";
import { savePicture } from "./save-picture.ts";

/** Filters drawn of each layer, 16 a row. */
const FILTERS = 32;
/** Side of each picture, in pixels; the border that is cut off again, where patterns meet the edge. */
const SIZE = 80;
const BORDER = 4;
/** Longer than the default, so that fewer steps are needed. */
const STEP_SIZE = 3;

export async function drawFilters(job: Job<DemoOptions>, model: Model): Promise<FilterPicture[]> {
  const { order } = model.preprocessing ?? {};
  const layout = model.input.layout ?? "NHWC";
  const pictures: FilterPicture[] = [];
  for (const layer of firstOfBlocks(model.layers)) {
    const { found, silent } = await answering(job, model, layer);
    const patterns = await climb(job, model, layer, found);
    const images = patterns.map(({ image }) => deprocess(image, { layout, order, border: BORDER }));
    const picture = await savePicture(job.folder, `filters-${layer.name}`, filterGrid(images, { columns: 16, margin: 4 }));
    pictures.push({ ...picture, layer: layer.name, filters: found.length, total: countFilters(layer), silent });
  }
  return pictures;
}

/** The first convolution of each block: `block3_conv1`. */
function firstOfBlocks(layers: readonly LayerInfo[]): LayerInfo[] {
  return layers.filter(({ name, kind }) => kind === "Conv2D" && name.endsWith("_conv1"));
}

function countFilters(layer: LayerInfo): number {
  return Number(layer.shape.at(-1));
}

/** The first filters that answer to the ascent's start at all, and how many were passed over because they do not. */
async function answering({ signal }: Job<DemoOptions>, model: Model, layer: LayerInfo): Promise<{ found: number[]; silent: number }> {
  const found: number[] = [];
  let silent = 0;
  for (let next = 0; next < countFilters(layer) && found.length < FILTERS; next += FILTERS) {
    const indices = Array.from({ length: Math.min(FILTERS, countFilters(layer) - next) }, (_, i) => next + i);
    for (const start of await filters(model, { layer: layer.name, filters: indices, size: SIZE, steps: 0, signal })) {
      if (found.length === FILTERS) break;
      if (start.silent) silent++;
      else found.push(start.filter);
    }
  }
  return { found, silent };
}

async function climb({ options, signal, progress }: Job<DemoOptions>, model: Model, layer: LayerInfo, chosen: readonly number[]): Promise<FilterPattern[]> {
  const bar = progress(layer.name);
  try {
    return await filters(model, {
      layer: layer.name,
      filters: chosen,
      size: SIZE,
      steps: options.steps,
      stepSize: STEP_SIZE,
      signal,
      onProgress: ({ done, total, filters, step, steps }) => bar.update(done * steps + filters.length * step, total * steps),
    });
  } finally {
    bar.end();
  }
}
