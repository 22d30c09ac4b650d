// Opens models and pictures, and asks the model what it sees.

import {
  decodeImage,
  explanations,
  fitImage,
  type LayerInfo,
  type Model,
  type OpenOptions,
  openModel,
  pictureInput,
  predict as predictAll,
  windowOf,
} from "pellucid";
import { decodeByBrowser } from "./decode-by-browser.ts";
import { currentInput, currentModel, currentPicture, putModel, putPicture } from "./desk.ts";
import type { ModelSettings, ModelSource, ModelSummary, StudioLayer } from "./protocol.ts";
import type { Task } from "./task.ts";

export const open: Task<"open"> = async ({ source, settings }) => {
  const model = await openModel(inputOf(source), optionsOf(settings));
  const summary = summarize(model, settings);
  await putModel(model);
  return summary;
};

export const look: Task<"look"> = async ({ picture, name }) => {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const image = await decodeImage(bytes, name).catch((error) => decodeByBrowser(picture, error));
  putPicture(image);
  // The result is handed over to the page; the picture stays here.
  return { ...image, data: image.data.slice() };
};

export const predict: Task<"predict"> = async (_, { signal }) => {
  const model = currentModel();
  const { preprocessing, size } = pictureInput(model);
  const picture = currentPicture();
  const [predictions = []] = await predictAll(model, await currentInput(), { signal });
  return { predictions, seen: fitImage(picture, size, preprocessing), window: windowOf(picture, size, preprocessing.resize ?? "squash") };
};

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
    threads: settings.device === "cpu" && globalThis.crossOriginIsolated ? Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2)) : 1,
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
