// The demo's second section: what every layer and every channel answers to the photo.

import { formatPercent } from "../table.ts";
import { type Html, html } from "./html.ts";
import { bar, command, image, zoomable } from "./pieces.ts";
import type { DemoResults, LayerPicture } from "./results.ts";

export function activationsSection({ single, activations }: DemoResults): Html {
  const convolutions = activations.filter((layer) => layer.kind === "Conv2D");
  return html`<section>
<h2><span class="number">1 · Activations</span>What each layer answers</h2>
<p>Every filter of a convolution gives one picture back, a channel: bright where the filter finds its pattern, dark where it does not.
One channel at a time, one can often say what it is after.</p>
<div class="pair wide">${single.map(
    (channel) =>
      html`<figure>${image(channel, `Channel ${channel.channel} of ${channel.layer}`, true)}<figcaption><b><code>${channel.layer}</code></b>, channel ${channel.channel}</figcaption></figure>`,
  )}</div>
${command(`pellucid activations network.keras chelsea.png --layer ${single[0]?.layer ?? "LAYER"} --channel ${single[0]?.channel ?? 0}`)}
<p>All channels of a layer side by side show how the answer changes with depth. ${depthSentence(convolutions)}</p>
<div class="wide layers">${activations.map(layerFigure)}</div>
${command("pellucid activations network.keras chelsea.png --layer 'block*'")}
<p>${sparsitySentence(convolutions)}</p>
<div class="scroll"><table>
<thead><tr><th>layer</th><th class="right">silent channels</th><th></th><th class="right">zero values</th><th></th></tr></thead>
<tbody>${activations.map(
    (
      layer,
    ) => html`<tr><td><code>${layer.layer}</code></td><td class="right">${layer.silent} of ${layer.channels}</td><td>${bar(layer.silent / layer.channels)}</td>
<td class="right">${formatPercent(layer.zeros)}</td><td>${bar(layer.zeros)}</td></tr>`,
  )}</tbody>
</table></div>
</section>`;
}

/** Layers of at least this many channels are drawn three abreast: their channels are small. */
const MANY = 96;

function layerFigure(layer: LayerPicture): Html {
  const [height, width] = layer.size;
  return html`<div class="${layer.channels < MANY ? "layer" : "layer third"}">
<h3><code>${layer.layer}</code><span>${layer.channels} channels of ${width}×${height} · ${layer.silent} silent</span></h3>
${zoomable(layer, `All ${layer.channels} channels of ${layer.layer}, 16 a row`)}
</div>`;
}

/** How places get fewer and channels more, from the first layer to the last. */
function depthSentence(layers: readonly LayerPicture[]): string {
  const first = layers[0];
  const last = layers.at(-1);
  if (!first || !last) return "";
  return `The first layers keep nearly all of the photo and mark edges, colours and patches: ${first.layer} still has ${first.size[1]}×${first.size[0]} places. Deeper layers carry less of what the photo looks like and more of what is in it: ${last.layer} has ${last.size[1]}×${last.size[0]} places, but ${last.channels} kinds of answer for each.`;
}

/** Whether channels fall silent with depth, as measured. */
function sparsitySentence(layers: readonly LayerPicture[]): string {
  const first = layers[0];
  const last = layers.at(-1);
  if (!first || !last) return "";
  const share = (layer: LayerPicture) => `${layer.silent} of ${layer.channels} channels in ${layer.layer}`;
  const rises = last.zeros > first.zeros;
  const verdict = rises
    ? "With depth the answers become sparser: a channel that stands for something which is not in the photo stays dark."
    : "In this network the answers do not become sparser with depth.";
  return `${verdict} Silent all over on this photo are ${share(first)} and ${share(last)}; zero are ${formatPercent(first.zeros)} of the values in the one and ${formatPercent(last.zeros)} in the other.`;
}
