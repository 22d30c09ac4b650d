// A heatmap over the picture; the overlay's strength is the heat's opacity.

import type { StudioHeatmap } from "../engine/protocol.ts";
import { Pixels } from "../pieces/pixels.tsx";
import { useStudio } from "../state/studio.ts";
import { formatScore } from "../text/format.ts";
import { useText } from "../text/use-text.ts";

export function HeatPicture({ heatmap: { target, heat } }: { readonly heatmap: StudioHeatmap }) {
  const text = useText();
  const picture = useStudio((state) => state.picture?.image);
  const window = useStudio((state) => state.answer?.window);
  const predictions = useStudio((state) => state.answer?.predictions) ?? [];
  const strength = useStudio((state) => state.strength);
  const prediction = predictions.find(({ index }) => index === target.index);
  if (!picture || !window) return undefined;
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const place = {
    left: percent(window.x, picture.width),
    top: percent(window.y, picture.height),
    width: percent(window.width, picture.width),
    height: percent(window.height, picture.height),
    opacity: strength,
  };
  return (
    <figure className="heat">
      <div className="heat-layers" style={{ aspectRatio: `${picture.width} / ${picture.height}` }}>
        <Pixels image={picture} smooth />
        <Pixels image={heat} smooth label={text.heatmapOf(target.label)} style={place} className="heat-over" />
      </div>
      <figcaption>
        <strong>{target.label}</strong>{" "}
        {prediction && <span className="number soft">{formatScore(prediction.score, prediction.score <= 1 && prediction.score >= 0)}</span>}
      </figcaption>
    </figure>
  );
}
