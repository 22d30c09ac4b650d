// The demo's heatmaps: Grad-CAM for the likeliest classes, alone and over the photo.

import { drawHeatmap, gradCam, type Image, type Model, overlay, type Prediction, type Tensor } from "pellucid";
import type { Job } from "../job.ts";
import type { ClassPicture, DemoResults } from "./results.ts";
import { savePicture } from "./save-picture.ts";

export async function drawHeatmaps(
  { folder, signal }: Job,
  model: Model,
  photo: Image,
  input: Tensor<"float32">,
  predictions: readonly Prediction[],
): Promise<DemoResults["heatmaps"]> {
  const heatmaps = await gradCam(model, input, { target: predictions.map(({ index }) => index), signal });
  const classes: ClassPicture[] = [];
  for (const [i, { map, blank }] of heatmaps.entries()) {
    const prediction = predictions[i] as Prediction;
    classes.push({
      prediction,
      blank,
      heatmap: await savePicture(folder, `heatmap-${prediction.label}`, drawHeatmap(map, { size: [photo.height, photo.width] })),
      overlay: await savePicture(folder, `overlay-${prediction.label}`, overlay(photo, map)),
    });
  }
  return { layer: heatmaps[0]?.layer ?? "", classes };
}
