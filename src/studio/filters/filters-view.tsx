// What the filters of the selected layer look for: one live, all of them as a board, everything finished in a gallery.

import type { StudioLayer } from "../engine/protocol.ts";
import { useText } from "../text/use-text.ts";
import { FilterBoard } from "./filter-board.tsx";
import { Gallery } from "./gallery.tsx";
import { LivePattern } from "./live-pattern.tsx";

export function FiltersView({ layer }: { readonly layer: StudioLayer | undefined }) {
  const text = useText();
  return (
    <article className="view filters">
      <h2>{text.filtersOf(layer?.name ?? "")}</h2>
      <div className="bench">
        <LivePattern />
        {layer?.channels === undefined ? <p className="empty">{text.noFilters}</p> : <FilterBoard layer={layer.name} channels={layer.channels} />}
      </div>
      <Gallery />
    </article>
  );
}
