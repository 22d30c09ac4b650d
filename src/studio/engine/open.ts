// Opens models, and asks them what they see.

import {
  checkAborted,
  explanations,
  fitImage,
  type Image,
  type LayerInfo,
  type Model,
  type OpenOptions,
  openModel,
  pictureInput,
  predict as predictAll,
} from "pellucid";
import { currentInput, currentModel, currentPicture, currentWindow, putModel } from "./desk.ts";
import type { ModelSettings, ModelSource, ModelSummary, StudioLayer } from "./protocol.ts";
import type { Task } from "./task.ts";

export const open: Task<"open"> = async ({ source, settings }, { signal }) => {
  const model = await openModel(inputOf(source), optionsOf(settings));
  const summary = summarize(model, settings);
  checkAborted(signal);
  await putModel(model);
  return summary;
};

export const predict: Task<"predict"> = async (_, { signal }) => {
  const model = currentModel();
  const [predictions = []] = await predictAll(model, await currentInput(), { signal });
  return { predictions, seen: seenBy(model), window: currentWindow(), threads: await countThreads(model) };
};

/** The picture as the model gets it. */
function seenBy(model: Model): Image {
  const { image, tensor } = currentPicture();
  if (tensor) return image;
  const { preprocessing, size } = pictureInput(model);
  return fitImage(image, size, preprocessing);
}

/** What ONNX Runtime chose when it started: as many as half of the cores, four at most; one without isolation. */
async function countThreads({ device }: Model): Promise<number> {
  if (device !== "cpu") return 1;
  // biome-ignore lint/style/noRestrictedImports: only ONNX Runtime knows how many threads it started
  const { env } = await import("onnxruntime-web/wasm");
  return env.wasm.numThreads ?? 1;
}

function inputOf(source: ModelSource): string | File | readonly File[] {
  if (source.kind === "url") return source.url;
  return source.files.length === 1 ? (source.files[0] as File) : source.files;
}

function optionsOf({ device, preprocess, resize, size, labels }: ModelSettings): OpenOptions {
  return { device, preprocess, resize, size, labels };
}

function summarize(model: Model, settings: ModelSettings): ModelSummary {
  const { loaded, input } = model;
  const layers = describeLayers(model);
  const guess = loaded.preprocessing;
  return {
    name: loaded.name,
    format: loaded.format,
    producer: loaded.producer,
    parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
    input: { name: input.name, shape: input.shape },
    layers,
    methods: Object.entries(explanations).map(([name, { title, perLayer }]) => ({ name, title, perLayer })),
    preprocess: model.preprocessing && { preset: model.preprocessing.preset, reason: settings.preprocess ? undefined : guess?.reason },
    size: sizeOf(model),
    device: settings.device,
  };
}

function sizeOf(model: Model): readonly [number, number] | undefined {
  const spatial = model.input.shape.slice(1).every((d) => typeof d === "number");
  return model.input.layout && (spatial || model.size) ? model.pictureSize : undefined;
}

function describeLayers(model: Model): StudioLayer[] {
  const nodes = sizeOf(model) ? model.at().graph.nodes : [];
  const rectified = new Map(nodes.flatMap(({ op, inputs, outputs }) => (op === "Relu" || op === "Clip" ? [[outputs[0], inputs[0]] as const] : [])));
  return model.layers.map((layer) => describeLayer(layer, rectified.get(layer.output) ?? layer.name));
}

function describeLayer({ name, kind, inputs, parameters, shape, channelAxis, ownOrder }: LayerInfo, climbed: string): StudioLayer {
  const axis = channelAxis === undefined ? undefined : (ownOrder?.indexOf(channelAxis) ?? channelAxis);
  const channels = axis === undefined ? undefined : shape[axis];
  const hasMaps = shape.length === 4 && axis !== undefined;
  return { name, kind, inputs, parameters, shape, channels: typeof channels === "number" ? channels : undefined, hasMaps, climbed };
}
