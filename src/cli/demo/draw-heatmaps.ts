// The demo's heatmaps: Grad-CAM for the likeliest classes, alone and over the photo.

import { decodeImage, drawHeatmap, gradCam, type Image, type Model, overlay, type Prediction, predict, prepareImage, type Tensor } from "pellucid";
import type { Job } from "../job.ts";
import type { OutputFolder } from "../output-folder.ts";
import { readPhoto } from "./embedded.ts";
import type { ClassPicture, DemoResults, Stranger } from "./results.ts";
import { savePicture } from "./save-picture.ts";

/** Photos of what the network was never shown. */
const strangers = [
  { file: "rocket.jpg", what: "a rocket" },
  { file: "astronaut.jpg", what: "an astronaut" },
] as const;

interface Shown {
  readonly photo: Image;
  readonly input: Tensor<"float32">;
}

export async function drawHeatmaps({ folder, signal }: Job, model: Model, shown: Shown, predictions: readonly Prediction[]): Promise<DemoResults["heatmaps"]> {
  const target = predictions.map(({ index }) => index);
  const heatmaps = await gradCam(model, shown.input, { target, score: "logit", signal });
  const classes: ClassPicture[] = [];
  for (const [i, { map, blank }] of heatmaps.entries()) {
    const prediction = predictions[i] as Prediction;
    classes.push({ prediction, pictures: blank ? undefined : await save(folder, prediction.label, shown.photo, map) });
  }
  return { layer: heatmaps[0]?.layer ?? "", classes };
}

/** The network's best guess at each of the other photos. */
export async function drawStrangers(job: Job, model: Model): Promise<Stranger[]> {
  const guesses: Stranger[] = [];
  for (const { file, what } of strangers) {
    const photo = await decodeImage(await readPhoto(file), file);
    const input = await prepareImage(model, photo);
    const [[prediction] = []] = await predict(model, input, { top: 1, signal: job.signal });
    const [heatmap] = await gradCam(model, input, { target: prediction?.index, score: "logit", signal: job.signal });
    if (!prediction || !heatmap) continue;
    guesses.push({ what, prediction, overlay: await savePicture(job.folder, `${what}-${prediction.label}`, overlay(photo, heatmap.map)) });
  }
  return guesses;
}

async function save(folder: OutputFolder, name: string, photo: Image, map: Tensor<"float32">): Promise<ClassPicture["pictures"]> {
  return {
    heatmap: await savePicture(folder, `heatmap-${name}`, drawHeatmap(map, { size: [photo.height, photo.width] })),
    overlay: await savePicture(folder, `overlay-${name}`, overlay(photo, map)),
  };
}
