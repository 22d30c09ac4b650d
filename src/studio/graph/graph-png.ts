// The whole graph as a PNG: drawn as SVG, then painted by the browser.

import type { StudioLayer } from "../engine/protocol.ts";
import { formatShape } from "../text/format.ts";
import { foldGraph } from "./blocks.ts";
import { depthColour } from "./depth-colour.ts";
import { layOut } from "./layout.ts";

/** Browsers draw no larger canvas than this on a side. */
const MAX_SIDE = 16_000;

export async function graphPng(layers: readonly StudioLayer[]): Promise<Blob> {
  const graph = foldGraph(layers, new Set());
  const layout = await layOut(graph);
  const scale = Math.min(2, MAX_SIDE / Math.max(layout.width, layout.height));
  const boxes = graph.boxes.map(({ name, layers: [layer], depth }) => {
    const { x, y, width, height } = layout.boxes.get(name) as NonNullable<ReturnType<typeof layout.boxes.get>>;
    const facts = layer ? `${layer.kind}  ${formatShape(layer.shape)}` : "";
    return `<g transform="translate(${x} ${y})"><rect width="${width}" height="${height}" rx="5" fill="#fff" stroke="#d8d6cf"/><rect width="4" height="${height}" rx="2" fill="${depthColour(depth)}"/>
<text x="14" y="19" font-size="12" font-weight="600">${escapeXml(name.slice(-30))}</text><text x="14" y="35" font-size="10.500" fill="#666">${escapeXml(facts)}</text></g>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width * scale}" height="${layout.height * scale}" viewBox="0 0 ${layout.width} ${layout.height}" font-family="system-ui, sans-serif">
<rect width="100%" height="100%" fill="#f7f6f2"/>${layout.edges.map((d) => `<path d="${d}" fill="none" stroke="#9a9890"/>`).join("")}${boxes.join("")}</svg>`;
  return paint(svg, Math.ceil(layout.width * scale), Math.ceil(layout.height * scale));
}

async function paint(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob as Blob), "image/png"));
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}
