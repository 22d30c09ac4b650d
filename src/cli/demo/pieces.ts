// Parts of the demo's page that its sections share.

import { type Html, html } from "./html.ts";
import type { Picture } from "./results.ts";

/** @param pixels small pictures that are shown enlarged, pixel by pixel */
export function image({ file, width, height }: Picture, alt: string, pixels = false): Html {
  return html`<img src="${file}" width="${width}" height="${height}" alt="${alt}"${pixels ? html` class="pixels"` : ""} loading="lazy">`;
}

/** A wide picture that opens on its own when it is clicked. */
export function zoomable(picture: Picture, alt: string): Html {
  return html`<div class="scroll"><a class="zoom well" href="${picture.file}">${image(picture, alt)}</a></div>`;
}

/** A command line that does the same on the reader's own model. */
export function command(line: string): Html {
  return html`<pre><code><span class="prompt">$ </span>${line}</code></pre>`;
}

/** A share as a bar; of nothing, no bar at all. */
export function bar(share: number): Html {
  const filled = share > 0 ? html`<span class="bar" style="width:${(share * 100).toFixed(1)}%"></span>` : "";
  return html`<div class="track">${filled}</div>`;
}
