// Finished patterns of all layers.

import { Pixels } from "../pieces/pixels.tsx";
import { type Pattern, update, useStudio } from "../state/studio.ts";
import { formatValue } from "../text/format.ts";
import { useText } from "../text/use-text.ts";

export function Gallery() {
  const text = useText();
  const gallery = useStudio((state) => state.gallery);
  const layers = [...new Set(gallery.map(({ layer }) => layer))];
  return (
    <section className="gallery" aria-label={text.gallery}>
      <div className="board-head">
        <h3>{text.gallery}</h3>
        {gallery.length > 0 && (
          <button type="button" className="link" onClick={() => update({ gallery: [] })}>
            {text.clearGallery}
          </button>
        )}
      </div>
      {layers.length === 0 && <p className="soft">{text.galleryEmpty}</p>}
      {layers.map((layer) => (
        <Shelf key={layer} layer={layer} patterns={gallery.filter((pattern) => pattern.layer === layer)} />
      ))}
    </section>
  );
}

function Shelf({ layer, patterns }: { readonly layer: string; readonly patterns: readonly Pattern[] }) {
  const text = useText();
  const sorted = [...patterns].sort((a, b) => a.channel - b.channel);
  return (
    <div className="shelf">
      <h4>{layer}</h4>
      <div className="shelf-row">
        {sorted.map(({ channel, picture, activation }) => (
          <figure key={channel}>
            <Pixels image={picture} smooth label={text.patternOf(channel, layer)} />
            <figcaption className="number">
              {channel} <span className="soft">{formatValue(activation)}</span>
            </figcaption>
          </figure>
        ))}
      </div>
    </div>
  );
}
