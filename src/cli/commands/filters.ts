// pellucid filters: the pattern that each filter of a layer responds to most.

import { type Command, Option } from "commander";
import { deprocess, encodePng, type FilterPattern, filterGrid, filters, type GradientNorm, type Layer, type Model, stack, writeNpy } from "pellucid";
import type { Job, Report } from "../job.ts";
import { addCommonOptions, addExamples, addFolderOptions, addPictureOptions, addTopOption, MODEL, type PictureOptions, type RawOptions } from "../options.ts";
import type { Run } from "../run.ts";
import { formatTable } from "../table.ts";
import { collect, indexList, pictureSize, positiveNumber, wholeNumber } from "../values.ts";
import { withModel } from "../with-model.ts";

interface Options extends PictureOptions, RawOptions {
  layer: string[];
  filter?: number[];
  size?: [number, number];
  steps: number;
  stepSize?: number;
  normalize: GradientNorm;
  seed: number;
}

interface Saved {
  readonly layer: string;
  readonly patterns: readonly FilterPattern[];
  readonly files: readonly string[];
}

/** How many filters of a layer are drawn where the user names none: the chapter's grid of 8 by 8. */
const GRID = 64;

export function addFilters(program: Command, run: Run): void {
  const command = program
    .command("filters")
    .description("save the patterns that a layer's filters respond to most, found by gradient ascent")
    .argument("<model>", MODEL)
    .requiredOption("--layer <glob>", "layers by name, glob or /regular expression/; may be repeated", collect)
    .addOption(new Option("--filter <list>", `filters by index: 0,3,8-15 (default: the first ${GRID})`).argParser(indexList))
    .addOption(new Option("--size <n>", "picture size: 150, or height x width (default: the model's own)").argParser(pictureSize))
    .addOption(new Option("--steps <n>", "steps of ascent").argParser(wholeNumber(0)).default(40))
    .addOption(new Option("--step-size <x>", "length of a step in pixel values of 0..255").argParser(positiveNumber))
    .addOption(new Option("--normalize <norm>", "what the gradient is divided by: its root mean square or its L2 norm").choices(["rms", "l2"]).default("rms"))
    .addOption(new Option("--seed <n>", "seed of the noise that the ascent starts from").argParser(wholeNumber(0)).default(0));
  addExamples(
    addTopOption(addPictureOptions(addFolderOptions(addCommonOptions(command)))),
    "pellucid filters network.keras --layer block3_conv1",
    "pellucid filters vgg16.h5 --preprocess caffe --layer block3_conv1 --filter 0,3,8-15 --size 150 --steps 80",
    "pellucid filters network.keras --layer 'block*_conv1' --npy --out patterns",
  ).action(run<Options, [string]>((job, path) => withModel(job, path, (model) => saveAll(job, model, path))));
}

async function saveAll(job: Job<Options>, model: Model, path: string): Promise<Report> {
  const saved: Saved[] = [];
  for (const layer of model.find(job.options.layer)) saved.push(await saveLayer(job, model, layer));
  return { json: { model: path, layers: saved.map(asJson) }, text: describe(saved) };
}

async function saveLayer(job: Job<Options>, model: Model, layer: Layer): Promise<Saved> {
  const patterns = await findPatterns(job, model, layer);
  const { order } = model.preprocessing ?? {};
  const pictures = patterns.map(({ image }) => deprocess(image, { layout: model.input.layout ?? "NCHW", order }));
  const name = job.folder.stem(layer.name, "filters");
  const files = [await job.folder.save(`${name}.png`, encodePng(filterGrid(pictures)))];
  if (job.options.npy) files.push(await job.folder.save(`${name}.npy`, writeNpy(stack(patterns.map(({ image }) => image)))));
  return { layer: layer.name, patterns, files };
}

async function findPatterns({ options, signal, note, progress }: Job<Options>, model: Model, layer: Layer): Promise<FilterPattern[]> {
  const { filter, size, steps, stepSize, normalize, seed } = options;
  const bar = progress(layer.name);
  try {
    return await filters(model, {
      layer: layer.name,
      filters: filter ?? firstFilters(model, layer, note),
      size,
      steps,
      stepSize,
      normalize,
      seed,
      signal,
      onProgress: ({ done, total, filters, step, steps }) => bar.update(done * steps + filters.length * step, total * steps),
    });
  } finally {
    bar.end();
  }
}

/** All filters if they fill one grid, else the first of them, with a note. */
function firstFilters(model: Model, layer: Layer, note: (text: string) => void): number[] | undefined {
  const count = countFilters(model, layer);
  if (count <= GRID) return undefined;
  note(`${layer.name}: the first ${GRID} of ${count} filters; --filter 0-${count - 1} draws all.`);
  return Array.from({ length: GRID }, (_, i) => i);
}

/** 0 where the layer has no channels. */
function countFilters({ layers }: Model, { name, channelAxis, ownOrder }: Layer): number {
  const axis = channelAxis !== undefined && ownOrder ? ownOrder.indexOf(channelAxis) : channelAxis;
  return axis === undefined ? 0 : Number(layers.find((layer) => layer.name === name)?.shape[axis] ?? 0);
}

function asJson({ layer, patterns, files }: Saved): Record<string, unknown> {
  return { layer, filters: patterns.map(({ filter, activation, silent }) => ({ filter, activation, silent })), files };
}

function describe(saved: readonly Saved[]): string {
  const columns = [{ title: "layer" }, { title: "filters", right: true } as const, { title: "silent", right: true } as const, { title: "saved" }];
  const rows = saved.map(({ layer, patterns, files }) => {
    const silent = patterns.filter((pattern) => pattern.silent).length;
    return [layer, String(patterns.length), String(silent), files[0] ?? ""];
  });
  return formatTable(columns, rows);
}
