// What a view shows as a file: a PNG drawn by the library, or its raw numbers.

import { float32, stack, writeNpy } from "pellucid";
import { run } from "../engine/client.ts";
import type { StudioHeatmap } from "../engine/protocol.ts";
import { graphPng } from "../graph/graph-png.ts";
import type { Pattern, Studio } from "../state/studio.ts";

export interface SavedFile {
  readonly name: string;
  readonly blob: Blob;
}

export async function savedPicture(state: Studio): Promise<SavedFile> {
  const { view, model, source, layer = "" } = state;
  if (view === "graph" && model) return { name: `${stem(source?.name ?? model.name)}-layers.png`, blob: await graphPng(model.layers) };
  if (view === "activations") return png(`${stem(layer)}-activations`, await run("draw", { kind: "activations", layer }));
  if (view === "filters") return png(`${stem(layer)}-filters`, await drawPatterns(state));
  const heatmaps = await currentHeatmaps(state);
  const name = heatmaps.map(({ target }) => stem(target.label)).join("-");
  return png(`${name}-heatmap`, await drawHeatmaps(heatmaps, state.strength));
}

export async function savedNumbers(state: Studio): Promise<SavedFile> {
  const { view, layer = "" } = state;
  if (view === "activations") return npy(`${stem(layer)}-activations`, await run("raw", { layer }));
  if (view === "filters") return npy(`${stem(layer)}-filters`, writeNpy(stack(patternsOf(state).map(({ values }) => values))));
  const [{ map, shape, target }] = await currentHeatmaps(state);
  return npy(`${stem(target.label)}-heatmap`, writeNpy(float32(shape, map)));
}

/** The heatmaps that are shown: of the chosen class, and of the one beside it. */
export async function currentHeatmaps({ method, target = 0, rival, layer, model, score }: Studio): Promise<[StudioHeatmap, ...StudioHeatmap[]]> {
  const chosen = model?.layers.find(({ name }) => name === layer);
  const perLayer = model?.methods.find(({ name }) => name === method)?.perLayer;
  const from = perLayer && chosen?.hasMaps ? layer : undefined;
  const targets = rival === undefined || rival === target ? [target] : [target, rival];
  return (await run("explain", { method, targets, layer: from, score })) as unknown as [StudioHeatmap, ...StudioHeatmap[]];
}

/** Heatmaps over the picture, side by side. */
export function drawHeatmaps(heatmaps: readonly StudioHeatmap[], strength: number): Promise<Uint8Array<ArrayBuffer>> {
  return run("draw", { kind: "heatmaps", maps: heatmaps.map(({ map, shape }) => ({ map, shape })), strength });
}

/** The patterns of a layer that are finished, in the order of their channels; the live one where there is none. */
export function patternsOf({ gallery, layer, live, ascent }: Studio): readonly Pick<Pattern, "channel" | "picture" | "values" | "settings">[] {
  const own = gallery.filter((pattern) => pattern.layer === layer).sort((a, b) => a.channel - b.channel);
  const [[picture], [values]] = [live?.frame?.pictures ?? [], live?.frame?.values ?? []];
  return own.length || live?.layer !== layer || !live || !picture || !values ? own : [{ channel: live.channel, picture, values, settings: ascent }];
}

/** All patterns of the layer as one picture. */
export function drawPatterns(state: Studio): Promise<Uint8Array<ArrayBuffer>> {
  return run("draw", { kind: "filters", pictures: patternsOf(state).map(({ picture }) => picture) });
}

function png(name: string, bytes: Uint8Array<ArrayBuffer>): SavedFile {
  return { name: `${name}.png`, blob: new Blob([bytes], { type: "image/png" }) };
}

function npy(name: string, bytes: Uint8Array): SavedFile {
  return { name: `${name}.npy`, blob: new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" }) };
}

function stem(name: string): string {
  return (
    name
      .replace(/\.\w+$/, "")
      .replace(/[^\w.-]+/g, "-")
      .replace(/^-|-$/g, "") || "pellucid"
  );
}
