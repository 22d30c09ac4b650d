// The demo's last section: which parts of the photo spoke for each of the three likeliest classes.

import { formatPercent } from "../table.ts";
import { type Html, html } from "./html.ts";
import { command, image } from "./pieces.ts";
import type { ClassPicture, DemoResults, Stranger } from "./results.ts";

export function heatmapsSection({ heatmaps, strangers, model }: DemoResults): Html {
  const best = heatmaps.classes[0]?.prediction.label ?? "CLASS";
  return html`<section>
<h2><span class="number">3 · Class activation heatmaps</span>Which part of the photo decided</h2>
<p>Take the last convolution, <code>${heatmaps.layer}</code>. Ask how much each of its channels matters to a class, by the gradient of the
class's score before the softmax, and add the channels up with these weights. What comes out is a coarse map of where the photo spoke
for the class: Grad-CAM. Red spoke most, blue not at all; each map is scaled to its own maximum, so compare places, not classes.</p>
<div class="trio wide">${heatmaps.classes.map(classFigure)}</div>
${command(`pellucid cam network.keras chelsea.png --target ${/\s/.test(best) ? `"${best}"` : best} --score logit`)}
<p>A heatmap also shows what a percentage hides. This network knows ${model.labels.length} things and must always choose one of them. Ask it about
something that it has never seen, and it answers all the same.</p>
<div class="strangers wide">${strangers.map(strangerFigure)}</div>
</section>`;
}

function classFigure({ prediction, pictures }: ClassPicture): Html {
  const head = html`<h3><span>${prediction.label}</span><span>${formatPercent(prediction.score)}</span></h3>`;
  if (!pictures) return html`<figure>${head}<p class="empty">Nothing in the photo spoke for this class: the map is blank.</p></figure>`;
  return html`<figure>${head}<div>${image(pictures.overlay, `The photo with the heatmap for ${prediction.label} laid over`)}${image(pictures.heatmap, `Heatmap for ${prediction.label}`)}</div></figure>`;
}

function strangerFigure({ what, prediction, overlay }: Stranger): Html {
  const alt = `A photo of ${what} with the heatmap for ${prediction.label} laid over`;
  return html`<figure>${image(overlay, alt)}<figcaption>For ${what} it says <b>${prediction.label}</b>, at ${formatPercent(prediction.score)}. Red is what it took for one.</figcaption></figure>`;
}
