// The laid out graph: edges as SVG, boxes as buttons over them.

import { useEffect, useRef } from "react";
import type { StudioLayer } from "../engine/protocol.ts";
import { Icon } from "../pieces/icon.tsx";
import { update, useStudio } from "../state/studio.ts";
import { formatShort } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import type { Box } from "./blocks.ts";
import { depthColour } from "./depth-colour.ts";
import { LayerText } from "./layer-text.tsx";
import type { Place } from "./layout.ts";
import { usePlacedGraph } from "./use-layout.ts";

interface Props {
  readonly layers: readonly StudioLayer[];
  readonly folded: ReadonlySet<string>;
  readonly zoom: number;
  /** Whether something else is shown in its place. */
  readonly hidden: boolean;
  onToggle(block: string): void;
  onStop(): void;
}

export function GraphCanvas({ layers, folded, zoom, hidden, onToggle, onStop }: Props) {
  const text = useText();
  const placed = usePlacedGraph(text.layingOut, layers, folded, onStop);
  const scroller = useSelectedInSight(placed, hidden);
  if (!placed) return hidden ? undefined : <p className="empty waiting">{text.layingOut}</p>;
  const { graph, layout } = placed;
  return (
    <div className="graph" ref={scroller} hidden={hidden}>
      <div className="graph-size" style={{ width: layout.width * zoom, height: layout.height * zoom }}>
        <div className="graph-canvas" style={{ width: layout.width, height: layout.height, transform: `scale(${zoom})` }}>
          {[...layout.blocks].map(([name, place]) => (
            <div key={name} className="block" style={position(place)}>
              <button type="button" className="block-head" aria-expanded="true" aria-label={text.fold(name)} onClick={() => onToggle(name)}>
                <Icon name="down" /> {name}
              </button>
            </div>
          ))}
          <svg width={layout.width} height={layout.height} aria-hidden="true" className="edges">
            {layout.edges.map((path) => (
              <path key={path} d={path} />
            ))}
          </svg>
          {graph.boxes.map((box) => (
            <BoxButton key={box.name} box={box} place={layout.boxes.get(box.name) as Place} onToggle={onToggle} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Scrolls to the selected layer when another is selected elsewhere, after every layout, and when the graph is shown again. */
function useSelectedInSight(placed: unknown, hidden: boolean) {
  const selected = useStudio((state) => state.layer);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!placed || !selected || hidden) return;
    const box = scroller.current?.querySelector<HTMLElement>('[aria-pressed="true"]');
    const area = scroller.current;
    if (!box || !area) return;
    const [seen, frame] = [box.getBoundingClientRect(), area.getBoundingClientRect()];
    if (seen.top < frame.top || seen.bottom > frame.bottom) area.scrollTop += seen.top - frame.top - frame.height / 2;
  }, [placed, selected, hidden]);
  return scroller;
}

function BoxButton({ box, place, onToggle }: { readonly box: Box; readonly place: Place; onToggle(block: string): void }) {
  const text = useText();
  const selected = useStudio((state) => state.layer);
  const [layer] = box.layers as [StudioLayer];
  const style = { ...position(place), "--depth": depthColour(box.depth) };
  if (!box.folded) {
    return (
      <button type="button" className="box" style={style} aria-pressed={layer.name === selected} onClick={() => update({ layer: layer.name })}>
        <LayerText layer={layer} />
      </button>
    );
  }
  return (
    <button type="button" className="box folded" style={style} aria-expanded="false" title={text.unfold(box.name)} onClick={() => onToggle(box.name)}>
      <span className="box-name">
        <Icon name="right" /> {box.name}
      </span>
      <span className="box-facts">
        <span>{text.hidden(box.layers.length)}</span>
        <span className="number">{formatShort(box.layers.reduce((sum, { parameters }) => sum + parameters, 0))}</span>
      </span>
    </button>
  );
}

function position({ x, y, width, height }: Place): React.CSSProperties {
  return { left: x, top: y, width, height };
}
