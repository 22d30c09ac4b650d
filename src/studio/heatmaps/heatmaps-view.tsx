// Which part of the picture spoke for a class: the map over the picture, beside another class where that is wanted.

import type { ScoreKind } from "pellucid";
import type { ExplainRequest, StudioHeatmap, StudioLayer, StudioMethod } from "../engine/protocol.ts";
import { Notice } from "../pieces/notice.tsx";
import { update, useStudio } from "../state/studio.ts";
import { useTask } from "../state/use-task.ts";
import { useText } from "../text/use-text.ts";
import { AnsweringFilters } from "./answering-filters.tsx";
import { HeatPicture } from "./heat-picture.tsx";
import { HeatmapControls } from "./heatmap-controls.tsx";

export function HeatmapsView({ layer }: { readonly layer: StudioLayer | undefined }) {
  const text = useText();
  const target = useStudio((state) => state.target) ?? 0;
  const method = useStudio((state) => state.model?.methods.find(({ name }) => name === state.method));
  const label = useStudio((state) => state.answer?.predictions.find(({ index }) => index === target)?.label) ?? "";
  const rival = useStudio((state) => (state.rival === state.target ? undefined : state.rival));
  const score = useStudio((state) => state.score);
  const { value, failure, pending, again } = useTask(
    text.explaining,
    "explain",
    explainRequest(method, layer, rival === undefined ? [target] : [target, rival], score),
  );
  return (
    <article className="view heatmaps" aria-busy={pending}>
      <h2>{text.heading.heatmaps(label)}</h2>
      {layer && !layer.hasMaps ? (
        <OtherLayer />
      ) : (
        failure && (
          <Notice failure={failure} onAgain={again}>
            {failure.code === "UNKNOWN_LAYER" && <OtherLayer />}
          </Notice>
        )
      )}
      <div className={`evidence ${value && value.length > 1 ? "two" : ""}`}>
        <div className="evidence-map">{value && <HeatmapPair heatmaps={value} pending={pending} />}</div>
        {layer?.hasMaps && !failure && <AnsweringFilters layer={layer.name} target={target} label={label} />}
        <HeatmapControls />
      </div>
    </article>
  );
}

/** What to ask for; undefined where the method needs a layer with maps and the chosen one has none. */
function explainRequest(
  method: StudioMethod | undefined,
  layer: StudioLayer | undefined,
  targets: readonly number[],
  score: ScoreKind,
): ExplainRequest | undefined {
  if (!method || (method.perLayer && layer && !layer.hasMaps)) return undefined;
  return { method: method.name, targets, layer: method.perLayer ? layer?.name : undefined, score };
}

function HeatmapPair({ heatmaps, pending }: { readonly heatmaps: readonly StudioHeatmap[]; readonly pending: boolean }) {
  const text = useText();
  const [first] = heatmaps as [StudioHeatmap];
  return (
    <>
      <div className={`heat-pair ${heatmaps.length > 1 ? "two" : ""} ${pending ? "stale" : ""}`}>
        {heatmaps.map((heatmap) => (
          <HeatPicture key={heatmap.target.index} heatmap={heatmap} />
        ))}
      </div>
      <p className="soft caption">
        <span className="ramp" aria-hidden="true" /> {text.bright} {text.coarse(...first.shape)}
      </p>
      {heatmaps.map(({ warning, target }) => warning && <Notice key={target.index} failure={{ code: target.label, message: warning, hint: undefined }} />)}
    </>
  );
}

/** Offers the last layer that has maps. */
function OtherLayer() {
  const text = useText();
  const fallback = useStudio((state) => state.model?.layers.findLast(({ hasMaps, kind }) => hasMaps && /conv/i.test(kind))?.name);
  return (
    <p className="soft">
      {text.notFromHere}{" "}
      {fallback && (
        <button type="button" className="link" onClick={() => update({ layer: fallback })}>
          {text.useDefaultLayer}
        </button>
      )}
    </p>
  );
}
