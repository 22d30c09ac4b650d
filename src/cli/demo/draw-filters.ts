// The demo's pictures of filters: a grid for the first convolution of each block.

import { deprocess, type FilterPattern, filterGrid, filters, type LayerInfo, type Model } from "pellucid";
import type { Job } from "../job.ts";
import type { DemoOptions, FilterPicture } from "./results.ts";
import { savePicture } from "./save-picture.ts";

/** Filters drawn of each layer, 16 a row. */
const FILTERS = 32;
/** Side of each picture, in pixels; the border that is cut off again, where patterns meet the edge. */
const SIZE = 80;
const BORDER = 8;

export async function drawFilters(job: Job<DemoOptions>, model: Model): Promise<FilterPicture[]> {
  const { order } = model.preprocessing ?? {};
  const layout = model.input.layout ?? "NHWC";
  const pictures: FilterPicture[] = [];
  for (const layer of firstOfBlocks(model.layers)) {
    const patterns = await findPatterns(job, model, layer);
    const grid = filterGrid(
      patterns.map(({ image }) => deprocess(image, { layout, order, border: BORDER })),
      { columns: 16, margin: 4 },
    );
    const picture = await savePicture(job.folder, `filters-${layer.name}`, grid);
    pictures.push({ ...picture, layer: layer.name, filters: patterns.length, silent: patterns.filter(({ silent }) => silent).length });
  }
  return pictures;
}

/** The first convolution of each block: `block3_conv1`. */
function firstOfBlocks(layers: readonly LayerInfo[]): LayerInfo[] {
  return layers.filter(({ name, kind }) => kind === "Conv2D" && name.endsWith("_conv1"));
}

async function findPatterns({ options, signal, progress }: Job<DemoOptions>, model: Model, layer: LayerInfo): Promise<FilterPattern[]> {
  const bar = progress(layer.name);
  const count = Math.min(FILTERS, Number(layer.shape.at(-1)));
  try {
    return await filters(model, {
      layer: layer.name,
      filters: Array.from({ length: count }, (_, i) => i),
      size: SIZE,
      steps: options.steps,
      signal,
      onProgress: ({ done, total, filters, step, steps }) => bar.update(done * steps + filters.length * step, total * steps),
    });
  } finally {
    bar.end();
  }
}
