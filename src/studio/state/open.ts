// Opening models and pictures. What fails leaves everything as it was.

import { run } from "../engine/client.ts";
import type { ModelSettings, ModelSource } from "../engine/protocol.ts";
import { textOf } from "../text/use-text.ts";
import { stopAscent } from "./ascent.ts";
import { studio, update } from "./studio.ts";
import { failureOf, report, startListed, stopAll } from "./work.ts";

/** Files that are pictures; everything else is taken for a model. */
const PICTURE = /\.(png|jpe?g|webp|gif|avif|bmp)$/i;

export async function openModel(source: ModelSource, changes: Partial<ModelSettings> = {}): Promise<void> {
  const settings = { ...studio().settings, ...changes };
  stopAll();
  stopAscent();
  try {
    const model = await startListed(textOf(studio().language).opening(source.name), "open", { source, settings }).result;
    const same = source === studio().source;
    const layer = same && model.layers.some(({ name }) => name === studio().layer) ? studio().layer : undefined;
    update({
      source,
      settings,
      model,
      layer,
      failure: undefined,
      live: undefined,
      gallery: [],
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
  const { source } = studio();
  if (source) void openModel(source, changes);
  else update({ settings: { ...studio().settings, ...changes } });
}

export async function openPicture(picture: Blob, name: string): Promise<void> {
  try {
    const image = await run("look", { picture, name });
    update({ picture: { name, image }, failure: undefined, answer: undefined, unanswered: undefined, generation: studio().generation + 1 });
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
  const name = URL.canParse(url) ? (new URL(url).pathname.split("/").pop() ?? url) : url;
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

/** Asks the model what it sees, and turns to its first answer. */
async function ask(): Promise<void> {
  if (!studio().model || !studio().picture) return;
  const { generation } = studio();
  const begin = performance.now();
  try {
    const answer = await run("predict", {});
    if (generation !== studio().generation) return;
    const took = { ms: performance.now() - begin, cold: !studio().warm };
    const target = answer.predictions[0]?.index;
    const layer = studio().layer ?? (await chooseLayer(target));
    if (generation === studio().generation) update({ answer, unanswered: undefined, took, warm: true, target, layer });
  } catch (error) {
    if (generation === studio().generation) update({ answer: undefined, unanswered: failureOf(error), target: undefined });
  }
}

/** The layer that heatmaps are drawn from by default; for networks that have none, the last that has channels. */
async function chooseLayer(target: number | undefined): Promise<string | undefined> {
  const { method, model } = studio();
  const fallback = model?.layers.findLast(({ channels }) => channels !== undefined)?.name;
  const explained = run("explain", { method, targets: [target ?? 0], layer: undefined, score: "output" });
  return explained.then(
    ([heatmap]) => heatmap?.layer ?? fallback,
    () => fallback,
  );
}

function mainName(files: readonly File[]): string {
  const main = files.find(({ name }) => /model\.json$|\.(onnx|keras|h5|hdf5)$/i.test(name)) ?? (files[0] as File);
  return main.name;
}
