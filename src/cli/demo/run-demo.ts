// The demo: runs all techniques on the embedded network and a photo, saves the pictures and the page that tells of them.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { activations, checkAborted, decodeImage, fitImage, type Image, type Model, predict, prepareImage, type Tensor } from "pellucid";
import type { Job, Report } from "../job.ts";
import { packageVersion } from "../package-version.ts";
import { drawLayers, drawSingleChannels } from "./draw-activations.ts";
import { drawFilters } from "./draw-filters.ts";
import { drawHeatmaps, drawStrangers } from "./draw-heatmaps.ts";
import { openEmbedded, readPhoto } from "./embedded.ts";
import { demoPage } from "./page.ts";
import type { DemoOptions, DemoResults } from "./results.ts";
import { savePicture } from "./save-picture.ts";

export async function runDemo(job: Job<DemoOptions>): Promise<Report> {
  const start = Date.now();
  const { device, threads } = job.options;
  const model = await openEmbedded({ device, threads });
  try {
    const file = await readPhoto("chelsea.png");
    const photo = await decodeImage(file, "chelsea.png");
    const results = await tell(job, model, { file, photo, input: await prepareImage(model, photo) });
    const page = await job.folder.save("index.html", demoPage({ ...results, seconds: (Date.now() - start) / 1000, version: packageVersion }));
    const url = pathToFileURL(resolve(page)).href;
    return { json: { page, url, predictions: results.predictions }, text: `The page is ${page}. Open it in a browser: ${url}` };
  } finally {
    await model.dispose();
  }
}

interface Shown {
  readonly file: Uint8Array;
  readonly photo: Image;
  readonly input: Tensor<"float32">;
}

async function tell(job: Job<DemoOptions>, model: Model, { file, photo, input }: Shown): Promise<Omit<DemoResults, "seconds" | "version">> {
  const { folder, signal } = job;
  job.note("Pellucid's demo: a small network looks at a photo.");
  const [predictions = []] = await predict(model, input, { signal });
  const answers = await activations(model, input, { signal });
  const maps = answers.filter((answer) => answer.tensor.shape.length === 4);
  checkAborted(signal);
  job.note("1 of 3: what each layer answers");
  const layers = await drawLayers(job, maps);
  job.note("2 of 3: what each filter looks for");
  const filters = await drawFilters(job, model);
  job.note("3 of 3: which part of the photo decided");
  const heatmaps = await drawHeatmaps(job, model, { photo, input }, predictions.slice(0, 3));
  return {
    photo: { file: await folder.save("photo.png", file).then(() => "photo.png"), width: photo.width, height: photo.height },
    input: await savePicture(folder, "input", fitImage(photo, model.pictureSize, model.preprocessing ?? { preset: "raw" })),
    model: describe(model),
    predictions,
    single: await drawSingleChannels(folder, maps),
    activations: layers,
    filters,
    heatmaps,
    strangers: await drawStrangers(job, model),
  };
}

function describe({ loaded, layers, labels = [], pictureSize }: Model): DemoResults["model"] {
  return { name: loaded.name, parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0), pictureSize, layers, labels };
}
