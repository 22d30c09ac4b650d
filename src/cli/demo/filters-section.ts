// The demo's third section: the pattern that each filter responds to most.

import { type Html, html } from "./html.ts";
import { command, zoomable } from "./pieces.ts";
import type { DemoResults, FilterPicture } from "./results.ts";

export function filtersSection({ filters }: DemoResults): Html {
  return html`<section>
<h2><span class="number">2 · Filters</span>What each filter looks for</h2>
<p>Turn the question round: which picture makes a filter answer most? Start from grey noise, ask how every pixel should change for the
filter to answer more, change it a little, and repeat. That is gradient ascent on the input, and what it draws is the filter's own
vocabulary: first colours and edges, then textures, then parts of things. A filter that does not answer to the noise at all cannot be
climbed; such filters are passed over here.</p>
<div class="wide">${filters.map(filterFigure)}</div>
${command(`pellucid filters network.keras --layer ${filters[2]?.layer ?? "LAYER"} --step-size 3`)}
</section>`;
}

function filterFigure(layer: FilterPicture): Html {
  const silent = layer.silent > 0 ? `, ${layer.silent} silent passed over` : "";
  return html`<div class="layer">
<h3><code>${layer.layer}</code><span>${layer.filters} of ${layer.total} filters${silent}</span></h3>
${zoomable(layer, `The patterns that ${layer.filters} filters of ${layer.layer} respond to`)}
</div>`;
}
