// The stage: the chosen view of the chosen layer, and above it what went wrong.

import { ActivationsView } from "../activations/activations-view.tsx";
import { FiltersView } from "../filters/filters-view.tsx";
import { HeatmapsView } from "../heatmaps/heatmaps-view.tsx";
import { PixelsQuestion } from "../model/pixels-question.tsx";
import { Notice } from "../pieces/notice.tsx";
import { ask } from "../state/ask.ts";
import { update, useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { ViewTabs } from "./view-tabs.tsx";

export function Stage() {
  const failure = useStudio((state) => state.failure);
  const busy = useStudio((state) => state.work.length > 0);
  return (
    <main className="stage" id="stage" tabIndex={-1} aria-busy={busy}>
      <ViewTabs place="head" />
      {failure && <Notice failure={failure} onDismiss={() => update({ failure: undefined })} />}
      <View />
    </main>
  );
}

function View() {
  const text = useText();
  const view = useStudio((state) => state.view);
  const model = useStudio((state) => state.model);
  const layer = useStudio((state) => state.layer);
  const answered = useStudio((state) => state.answer !== undefined);
  const unanswered = useStudio((state) => state.unanswered);
  const working = useStudio((state) => state.work.length > 0 || (state.model !== undefined && state.picture !== undefined));
  if (unanswered?.code === "PREPROCESS_NEEDED") return <PixelsQuestion />;
  if (unanswered) return <Notice failure={unanswered} onAgain={() => void ask()} />;
  if (!model || !answered) return <p className={`empty ${working ? "waiting" : ""}`}>{working ? text.working : text.noPredictions}</p>;
  const chosen = model.layers.find(({ name }) => name === layer);
  if (view === "activations") return <ActivationsView layer={chosen} />;
  if (view === "filters") return <FiltersView layer={chosen} />;
  return <HeatmapsView layer={chosen} />;
}
