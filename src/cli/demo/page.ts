// The demo's page: the three techniques told on one photo. Only numbers that were measured in this run.

import { formatCount, formatPercent } from "../table.ts";
import { activationsSection } from "./activations-section.ts";
import { filtersSection } from "./filters-section.ts";
import { heatmapsSection } from "./heatmaps-section.ts";
import { type Html, html } from "./html.ts";
import { networkSection } from "./network-section.ts";
import { image } from "./pieces.ts";
import type { DemoResults } from "./results.ts";
import { style } from "./style.ts";

/** The whole page as HTML text. */
export function demoPage(results: DemoResults): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What a convolutional network has learned · Pellucid</title>
<style>${{ html: style }}</style>
</head>
<body>
${masthead(results)}
<main>
${[networkSection(results), activationsSection(results), filtersSection(results), heatmapsSection(results)]}
</main>
${footer(results)}
</body>
</html>
`.html;
}

function masthead({ photo, model, predictions }: DemoResults): Html {
  const best = predictions[0];
  return html`<header>
<div class="masthead wide">
<div>
<span class="number">Pellucid · Demo</span>
<h1>What has this network learned?</h1>
<p class="lead">A network of ${formatCount(model.parameters)} numbers was shown this photo. It says <b>${best?.label ?? "nothing"}</b>, at
${formatPercent(best?.score ?? 0)}. Here is how it got there: what its layers answered, what its filters look for, and which part
of the photo decided.</p>
</div>
${image(photo, "The photo: a ginger cat, close up, looking past the camera.")}
</div>
</header>`;
}

function footer({ seconds, version }: DemoResults): Html {
  return html`<footer><p>Made by Pellucid ${version} on this machine in ${Math.max(1, Math.round(seconds))} seconds, from the network and the photos
that ship with it; nothing was sent anywhere. Photos: Chelsea the cat by Stéfan van der Walt (CC0); rocket by SpaceX and astronaut
Eileen Collins by NASA (public domain).</p></footer>`;
}
