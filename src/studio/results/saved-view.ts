// What a view shows as a file: a PNG drawn by the library, or its raw numbers.

import { float32, stack, writeNpy } from "pellucid";
import { run } from "../engine/client.ts";
import type { StudioHeatmap } from "../engine/protocol.ts";
import { graphPng } from "../graph/graph-png.ts";
import type { Studio } from "../state/studio.ts";

export interface SavedFile {
  readonly name: string;
  readonly blob: Blob;
}

export async function savedPicture(state: Studio): Promise<SavedFile> {
  const { view, model, layer = "" } = state;
  if (view === "graph" && model) return { name: `${stem(model.name)}-layers.png`, blob: await graphPng(model.layers) };
  if (view === "activations") return png(`${stem(layer)}-activations`, await run("draw", { kind: "activations", layer }));
  if (view === "filters") return png(`${stem(layer)}-filters`, await drawFilters(state));
  const heatmap = await currentHeatmap(state);
  const { map, shape, target } = heatmap;
  return png(`${stem(target.label)}-heatmap`, await run("draw", { kind: "heatmap", map, shape, strength: state.strength }));
}

export async function savedNumbers(state: Studio): Promise<SavedFile> {
  const { view, layer = "" } = state;
  if (view === "activations") return npy(`${stem(layer)}-activations`, await run("raw", { layer }));
  if (view === "filters") return npy(`${stem(layer)}-filters`, patternNumbers(state));
  const { map, shape, target } = await currentHeatmap(state);
  return npy(`${stem(target.label)}-heatmap`, writeNpy(float32(shape, map)));
}

/** The heatmap of the chosen class, in the chosen layer. */
export async function currentHeatmap({ method, target = 0, layer, model }: Studio): Promise<StudioHeatmap> {
  const chosen = model?.layers.find(({ name }) => name === layer);
  const perLayer = model?.methods.find(({ name }) => name === method)?.perLayer;
  const from = perLayer && chosen?.hasMaps ? layer : undefined;
  const [heatmap] = await run("explain", { method, targets: [target], layer: from, score: "output" });
  return heatmap as StudioHeatmap;
}

/** The patterns of a layer that are finished; the live one where there is none. */
export function patternsOf({
  gallery,
  layer,
  live,
}: Studio): readonly { readonly channel: number; readonly picture: { width: number; height: number; data: Uint8Array } }[] {
  const own = gallery.filter((pattern) => pattern.layer === layer).sort((a, b) => a.channel - b.channel);
  const [picture] = live?.frame?.pictures ?? [];
  return own.length || !live || !picture ? own : [{ channel: live.channel, picture }];
}

async function drawFilters(state: Studio): Promise<Uint8Array<ArrayBuffer>> {
  const patterns = patternsOf(state);
  const labels = patterns.map(({ channel }) => String(channel));
  return run("draw", { kind: "filters", pictures: patterns.map(({ picture }) => picture), title: state.layer ?? "", labels });
}

/** The patterns as they are seen: pixel values 0..255, `[N, H, W, 3]`. */
function patternNumbers(state: Studio): Uint8Array {
  return writeNpy(stack(patternsOf(state).map(({ picture }) => float32([picture.height, picture.width, 3], Float32Array.from(picture.data)))));
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
