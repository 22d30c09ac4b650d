// Gradient ascent on filters: a frame after every step, as long as nobody pauses or stops it.

import { deprocess, type FilterStep, filterSteps, type Image, itemAt, type Model, scalingOf, type Tensor } from "pellucid";
import { currentModel } from "./desk.ts";
import type { AscentFrame } from "./protocol.ts";
import type { Task } from "./task.ts";

export const ascend: Task<"ascend"> = async ({ layer, climbed, filters, steps, stepSize, seed }, { signal, progress, unpaused }) => {
  const model = currentModel();
  for await (const step of filterSteps(model, { layer: climbed, filters, steps, stepSize, seed, signal })) {
    progress({ ...frameOf(model, step), layer });
    await unpaused();
  }
  return undefined;
};

function frameOf(model: Model, { images, ...step }: FilterStep): AscentFrame {
  const values = step.filters.map((_, i) => itemAt(images, i));
  return { ...step, values, pictures: values.map((image) => pictureOf(model, image)) };
}

function pictureOf(model: Model, image: Tensor<"float32">): Image {
  const layout = model.input.layout ?? "NHWC";
  const channels = (layout === "NCHW" ? image.shape[0] : image.shape.at(-1)) as number;
  return deprocess(image, { layout, order: scalingOf(model.preprocessing ?? { preset: "raw" }, channels).order });
}
