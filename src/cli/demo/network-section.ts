// The demo's first section: the layers, and what the network says of the photo.

import { formatShape } from "pellucid";
import { formatCount, formatPercent } from "../table.ts";
import { type Html, html } from "./html.ts";
import { bar, command, image } from "./pieces.ts";
import type { DemoResults } from "./results.ts";

export function networkSection({ model, input, predictions }: DemoResults): Html {
  const [height, width] = model.pictureSize;
  return html`<section>
<h2><span class="number">The network</span>Layer by layer, from pixels to a name</h2>
<p>The network takes ${width}×${height} pixels. Convolutions slide small filters over the picture, pooling layers halve it, and the
last layer weighs what is left for each of ${model.labels.length} classes. On the way the picture becomes smaller and thicker:
fewer places, more kinds of answer.</p>
<div class="scroll"><table>
<thead><tr><th>layer</th><th class="kind">kind</th><th>output shape</th><th class="right">parameters</th></tr></thead>
<tbody>${model.layers.map(
    ({ name, kind, shape, parameters }) =>
      html`<tr><td><code>${name}</code></td><td class="kind">${kind}</td><td>${formatShape(shape)}</td><td class="right">${formatCount(parameters)}</td></tr>`,
  )}</tbody>
</table></div>
${command("pellucid summary network.keras")}
<div class="pair">
<figure>${image(input, "The photo as the network gets it: a small square.", true)}<figcaption>All that the network sees: <b>${width}×${height}</b> pixels.</figcaption></figure>
<table class="bars"><tbody>${predictions.map(
    ({ label, score }) => html`<tr><td>${label}</td><td>${bar(score)}</td><td class="right value">${formatPercent(score)}</td></tr>`,
  )}</tbody></table>
</div>
${command("pellucid predict network.keras chelsea.png --top 10")}
</section>`;
}
