// A class's heatmap over the picture, with the class and its score.

import type { StudioHeatmap } from "../engine/protocol.ts";
import { useStudio } from "../state/studio.ts";
import { formatScore } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { HeatLayers } from "./heat-layers.tsx";

export function HeatPicture({ heatmap: { target, heat } }: { readonly heatmap: StudioHeatmap }) {
  const text = useText();
  const predictions = useStudio((state) => state.answer?.predictions) ?? [];
  const strength = useStudio((state) => state.strength);
  const prediction = predictions.find(({ index }) => index === target.index);
  return (
    <figure className="heat">
      <HeatLayers heat={heat} strength={strength} label={text.heatmapOf(target.label)} />
      <figcaption>
        <strong>{target.label}</strong>{" "}
        {prediction && <span className="number soft">{formatScore(prediction.score, prediction.score <= 1 && prediction.score >= 0)}</span>}
      </figcaption>
    </figure>
  );
}
