// The layout of the folded graph, computed anew when the model or the folding changes.

import { useEffect, useMemo, useState } from "react";
import type { StudioLayer } from "../engine/protocol.ts";
import { type BoxGraph, foldGraph } from "./blocks.ts";
import { type GraphLayout, layOut } from "./layout.ts";

/** A graph and its places, which always belong together. */
export interface PlacedGraph {
  readonly graph: BoxGraph;
  readonly layout: GraphLayout;
}

export function usePlacedGraph(layers: readonly StudioLayer[], folded: ReadonlySet<string>): PlacedGraph | undefined {
  const graph = useMemo(() => foldGraph(layers, folded), [layers, folded]);
  const [placed, setPlaced] = useState<PlacedGraph>();
  useEffect(() => {
    let current = true;
    layOut(graph).then((layout) => current && setPlaced({ graph, layout }));
    return () => {
      current = false;
    };
  }, [graph]);
  return placed;
}
