// Layers whose name or kind holds the words that are searched for.

import type { StudioLayer } from "../engine/protocol.ts";
import { update, useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { LayerText } from "./layer-text.tsx";

export function LayerMatches({ layers, search }: { readonly layers: readonly StudioLayer[]; readonly search: string }) {
  const text = useText();
  const selected = useStudio((state) => state.layer);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = layers.filter(({ name, kind }) => words.every((word) => `${name} ${kind}`.toLowerCase().includes(word)));
  if (found.length === 0) return <p className="empty">{text.noMatch}</p>;
  return (
    <ul className="matches">
      {found.map((layer) => (
        <li key={layer.name}>
          <button type="button" className="box" aria-pressed={layer.name === selected} onClick={() => update({ layer: layer.name })}>
            <LayerText layer={layer} />
          </button>
        </li>
      ))}
    </ul>
  );
}
