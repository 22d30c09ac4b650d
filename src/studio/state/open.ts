// Opening models and pictures. What fails leaves everything as it was.

import { type RunningTask, restoreBy } from "../engine/client.ts";
import type { ModelSettings, ModelSource } from "../engine/protocol.ts";
import { textOf } from "../text/use-text.ts";
import { dropAscent } from "./ascent.ts";
import { ask } from "./ask.ts";
import { studio, update } from "./studio.ts";
import { report, startListed, stopWorkOfModel } from "./work.ts";

/** Files that are pictures; everything else is taken for a model. */
const PICTURE = /\.(png|jpe?g|webp|gif|avif|bmp|npy)$/i;

/** The model that is being opened, and how: what was chosen for it holds for the next one, should that come first. */
let opening: { readonly task: RunningTask<"open">; readonly source: ModelSource; readonly settings: ModelSettings } | undefined;
let looking: RunningTask<"look"> | undefined;

restoreBy(async (put) => {
  const { source, settings, model, picture } = studio();
  if (source && model) await put("open", { source, settings });
  if (picture) await put("look", { picture: picture.file, name: picture.name });
});

export async function openModel(source: ModelSource, changes: Partial<ModelSettings> = {}): Promise<void> {
  const settings = { ...(opening?.settings ?? studio().settings), ...changes };
  opening?.task.stop();
  const task = startListed(textOf(studio().language).opening(source.name), "open", { source, settings });
  const mine = { task, source, settings };
  opening = mine;
  const before = studio().layer;
  try {
    const model = await task.result.finally(() => {
      if (opening === mine) opening = undefined;
    });
    stopWorkOfModel();
    dropAscent();
    // The layer stays where the model is the same, or where it was chosen while this one opened.
    const { layer: chosen, source: last } = studio();
    const layer = (source === last || chosen !== before) && model.layers.some(({ name }) => name === chosen) ? chosen : undefined;
    update({
      source,
      settings,
      model,
      layer,
      failure: undefined,
      live: undefined,
      gallery: [],
      rival: undefined,
      warm: false,
      answer: undefined,
      unanswered: undefined,
      generation: studio().generation + 1,
    });
    await ask();
  } catch (error) {
    report(error);
  }
}

/** Opens the same model again with other settings. */
export function changeSettings(changes: Partial<ModelSettings>): void {
  const source = opening?.source ?? studio().source;
  if (source) void openModel(source, changes);
  else update({ settings: { ...studio().settings, ...changes } });
}

export async function openPicture(file: Blob, name: string): Promise<void> {
  looking?.stop();
  const mine = startListed(textOf(studio().language).opening(name), "look", { picture: file, name });
  looking = mine;
  try {
    const { shown, ...size } = await mine.result;
    update({
      picture: { name, file, image: shown, ...size },
      failure: undefined,
      answer: undefined,
      unanswered: undefined,
      generation: studio().generation + 1,
    });
    await ask();
  } catch (error) {
    report(error);
  }
}

/** What was dropped, pasted or chosen: one picture, or the files of one model. */
export function openFiles(files: readonly File[]): void {
  const [first] = files;
  if (!first) return;
  if (files.length === 1 && (first.type.startsWith("image/") || PICTURE.test(first.name))) void openPicture(first, first.name);
  else void openModel({ kind: "files", name: mainName(files), files }, { labels: undefined, preprocess: undefined, size: undefined });
}

export function openAddress(url: string): void {
  const name = URL.canParse(url) ? new URL(url).pathname.split("/").pop() || url : url;
  void openModel({ kind: "url", name, url }, { labels: undefined, preprocess: undefined, size: undefined });
}

/** The network and the photo that ship with the studio. */
export async function openEmbedded(): Promise<void> {
  const at = (file: string) => new URL(`embedded/${file}`, document.baseURI).href;
  const [labels] = await Promise.all([fetchText(at("labels.json")), studio().picture ? undefined : openPhoto(at("chelsea.png"))]);
  await openModel({ kind: "url", name: "cifar10-vgg.keras", url: at("cifar10-vgg.keras") }, { labels, preprocess: undefined, size: undefined });
}

async function openPhoto(url: string): Promise<void> {
  const response = await fetch(url);
  if (response.ok) await openPicture(await response.blob(), url.split("/").pop() as string);
}

async function fetchText(url: string): Promise<string | undefined> {
  const response = await fetch(url);
  return response.ok ? response.text() : undefined;
}

function mainName(files: readonly File[]): string {
  const main = files.find(({ name }) => /model\.json$|\.(onnx|keras|h5|hdf5)$/i.test(name)) ?? (files[0] as File);
  return main.name;
}
