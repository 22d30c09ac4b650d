// A page that holds everything in one file: the picture, what the network says, why, and what its filters look for.

import type { Image } from "pellucid";
import { run } from "../engine/client.ts";
import type { Studio } from "../state/studio.ts";
import type { Catalogue } from "../text/en.ts";
import { formatPercent, formatShort } from "../text/format.ts";
import { commandLine } from "./command-line.ts";
import { reportStyle } from "./report-style.ts";
import { currentHeatmaps, drawHeatmaps, drawPatterns, patternsOf, type SavedFile } from "./saved-view.ts";

export async function makeReport(state: Studio, text: Catalogue): Promise<SavedFile> {
  const { picture, layer = "", model, source, answer } = state;
  const heatmaps = await currentHeatmaps(state);
  const overlays: string[] = [];
  for (const heatmap of heatmaps) {
    const caption = `${text.method}: ${state.method}, ${text.layer}: ${heatmap.layer}. ${text.bright}`;
    overlays.push(figure(text.heatmapOf(heatmap.target.label), await drawHeatmaps([heatmap], state.strength), caption));
  }
  const channels = await run("draw", { kind: "activations", layer }).catch(() => undefined);
  const patterns = patternsOf(state);
  const filters = patterns.length > 0 ? await drawPatterns(state) : undefined;
  const sections = [
    ...overlays,
    channels && figure(text.activationsOf(layer), channels, ""),
    filters && figure(text.filtersOf(layer), filters, patterns.map(({ channel }) => text.channel(channel)).join(", ")),
  ];
  const html = `<!doctype html>
<html lang="${state.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(source?.name ?? "")} · ${escapeHtml(picture?.name ?? "")}</title><style>${reportStyle}</style></head><body><main>
<p class="soft">${escapeHtml(text.reportIntro)}</p>
<h1>${escapeHtml(answer?.predictions[0]?.label ?? "")}</h1>
<p>${escapeHtml(source?.name ?? "")}: ${escapeHtml(text.layersCount(model?.layers.length ?? 0))}, ${escapeHtml(text.parameters(formatShort(model?.parameters ?? 0)))}</p>
${picture ? `<img alt="${escapeHtml(text.pictureOf(picture.name))}" src="${await imageUrl(picture.image)}">` : ""}
<table>${(answer?.predictions ?? []).slice(0, 5).map(row).join("")}</table>
${sections.filter(Boolean).join("\n")}
<h2>${escapeHtml(text.command)}</h2><pre>${escapeHtml(commandLine({ ...state, view: "heatmaps" }))}</pre>
<p class="soft">${escapeHtml(text.madeBy)}</p></main></body></html>`;
  return { name: "pellucid-report.html", blob: new Blob([html], { type: "text/html" }) };
}

function row({ label, score }: { readonly label: string; readonly score: number }): string {
  const share = Math.max(0, Math.min(1, score));
  const number = score >= 0 && score <= 1 ? formatPercent(score) : score.toFixed(3);
  return `<tr><th>${escapeHtml(label)}</th><td>${number}</td><td class="track"><span style="width:${100 * share}%"></span></td></tr>`;
}

function figure(title: string, png: Uint8Array, caption: string): string {
  return `<h2>${escapeHtml(title)}</h2><figure><img alt="${escapeHtml(title)}" src="${dataUrl(png)}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function dataUrl(png: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < png.length; i += 8192) binary += String.fromCharCode(...png.subarray(i, i + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}

async function imageUrl(image: Image): Promise<string> {
  return dataUrl(await run("draw", { kind: "picture", image }));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
