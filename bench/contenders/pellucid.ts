// Pellucid, through its public functions as a user calls them.

import { filterSteps, float32, gradCam, type Model, modelGradient, openModel, predict } from "pellucid";
import { image } from "../vgg16.ts";
import { type Run, serve } from "./serve.ts";

const model = await openModel(process.argv[2] as string, { preprocess: "raw" });
const big = float32([1, 3, 224, 224], image(1, 224));

const tasks: Record<string, () => Promise<ArrayLike<number>>> = {
  forward: async () => (await predict(model, big, { top: 64 }))[0]?.map(({ score }) => score) ?? [],
  "grad-cam": async () => (await gradCam(model, big, { target: 386, layer: "block5_conv3", score: "logit", normalize: "none" }))[0]?.map.data ?? [],
  gradient: async () => (await modelGradient(model, big, { of: "predictions_preactivation", index: 386 })).data,
  "ascent-1": ascent(model, 1),
  "ascent-8": ascent(model, 8),
};

/** One step of a running ascent: what each filter of block3_conv1 costs forty times. */
function ascent(of: Model, batch: number): () => Promise<ArrayLike<number>> {
  const filters = Array.from({ length: batch }, (_, i) => i + 3);
  const begin = () => filterSteps(of, { layer: "block3_conv1", filters, batch, size: 150, steps: 1_000_000 });
  let running = begin();
  return async () => {
    const { value, done } = await running.next();
    if (!done) return value.images.data;
    running = begin();
    return [];
  };
}

const run: Run = (task) => (tasks[task] as () => Promise<ArrayLike<number>>)();
await serve("pellucid", run);
