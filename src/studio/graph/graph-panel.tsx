// The navigator: the network from input to prediction, searchable, its blocks foldable.

import { useMemo, useState } from "react";
import type { ModelSummary } from "../engine/protocol.ts";
import { Icon } from "../pieces/icon.tsx";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { blocksOf } from "./blocks.ts";
import { GraphCanvas } from "./graph-canvas.tsx";
import { LayerMatches } from "./layer-matches.tsx";

/** Networks with more layers than this begin folded. */
const MANY_LAYERS = 60;

export function GraphPanel() {
  const text = useText();
  const model = useStudio((state) => state.model);
  const [wide, setWide] = useState(false);
  return (
    <section className={`navigator ${wide ? "wide" : ""}`} aria-label={text.layers}>
      {model ? (
        <Navigator key={`${model.name} ${model.layers.length}`} model={model} wide={wide} onWide={setWide} />
      ) : (
        <p className="empty">{text.noPredictions}</p>
      )}
    </section>
  );
}

interface Props {
  readonly model: ModelSummary;
  readonly wide: boolean;
  onWide(wide: boolean): void;
}

function Navigator({ model, wide, onWide }: Props) {
  const text = useText();
  const [search, setSearch] = useState("");
  const [zoom, setZoom] = useState(1);
  const blocks = useMemo(() => [...new Set(blocksOf(model.layers).values())], [model]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => new Set(model.layers.length > MANY_LAYERS ? blocks : []));
  const searching = search.trim() !== "";
  const toggle = (block: string) => setFolded((before) => new Set(before.has(block) ? [...before].filter((each) => each !== block) : [...before, block]));
  return (
    <>
      <div className="navigator-head">
        <label className="search">
          <Icon name="search" />
          <input type="search" placeholder={text.search} aria-label={text.search} value={search} onChange={(event) => setSearch(event.target.value)} />
        </label>
        <div className="navigator-tools">
          {blocks.length > 0 && (
            <button type="button" className="link" onClick={() => setFolded(new Set(folded.size > 0 ? [] : blocks))}>
              {folded.size > 0 ? text.unfoldAll : text.foldAll}
            </button>
          )}
          <span className="spacer" />
          <ToolButton icon="minus" label={text.zoomOut} onClick={() => setZoom(Math.max(0.4, zoom / 1.25))} />
          <ToolButton icon="plus" label={text.zoomIn} onClick={() => setZoom(Math.min(2, zoom * 1.25))} />
          <ToolButton icon="widen" label={wide ? text.narrow : text.widen} onClick={() => onWide(!wide)} />
        </div>
      </div>
      <GraphCanvas
        layers={model.layers}
        folded={folded}
        zoom={zoom}
        hidden={searching}
        onToggle={toggle}
        onStop={() => folded.size < blocks.length && setFolded(new Set(blocks))}
      />
      {searching && <LayerMatches layers={model.layers} search={search} />}
    </>
  );
}

function ToolButton({ icon, label, onClick }: { readonly icon: "minus" | "plus" | "widen"; readonly label: string; onClick(): void }) {
  return (
    <button type="button" className={`plain tool-${icon}`} aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
