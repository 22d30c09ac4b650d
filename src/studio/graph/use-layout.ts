// The layout of the folded graph, computed anew when the model or the folding changes.

import { useEffect, useState } from "react";
import type { StudioLayer } from "../engine/protocol.ts";
import { list, report } from "../state/work.ts";
import { type BoxGraph, foldGraph } from "./blocks.ts";
import { type GraphLayout, layOut } from "./layout.ts";

/** A graph and its places, which always belong together. */
export interface PlacedGraph {
  readonly graph: BoxGraph;
  readonly layout: GraphLayout;
}

/**
 * The graph as it was placed last, while the next layout is computed.
 *
 * @param label what the user is told of it, if it takes long
 * @param onStop called when the user stops it
 */
export function usePlacedGraph(label: string, layers: readonly StudioLayer[], folded: ReadonlySet<string>, onStop: () => void): PlacedGraph | undefined {
  const [placed, setPlaced] = useState<PlacedGraph>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a language or a handler that changes is no reason to lay out anew
  useEffect(() => {
    const graph = foldGraph(layers, folded);
    const controller = new AbortController();
    const listed = list(label, () => {
      controller.abort();
      onStop();
    });
    layOut(graph, controller.signal)
      .then(
        (layout) => setPlaced({ graph, layout }),
        (error) => controller.signal.aborted || report(error),
      )
      .finally(listed.end);
    return () => controller.abort();
  }, [layers, folded]);
  return placed;
}
