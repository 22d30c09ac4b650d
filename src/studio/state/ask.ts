// Asks the open model what it sees in the picture, and turns to its first answer.

import { textOf } from "../text/use-text.ts";
import { studio, update } from "./studio.ts";
import { failureOf, startListed, stopped } from "./work.ts";

export async function ask(): Promise<void> {
  if (!studio().model || !studio().picture) return;
  const { generation, language } = studio();
  const isCurrent = () => generation === studio().generation;
  const begin = performance.now();
  update({ unanswered: undefined });
  try {
    const answer = await startListed(textOf(language).asking, "predict", {}).result;
    if (!isCurrent()) return;
    const took = { ms: performance.now() - begin, cold: !studio().warm };
    const target = answer.predictions[0]?.index;
    const usual = studio().layer ?? (await chooseLayer(target));
    // A layer may have been chosen meanwhile.
    if (isCurrent()) update({ answer, took, warm: true, target, layer: studio().layer ?? usual });
  } catch (error) {
    if (isCurrent()) update({ answer: undefined, unanswered: failureOf(error) ?? stopped(), target: undefined });
  }
}

/** The layer that heatmaps are drawn from by default; for networks that have none, the last that has channels. */
async function chooseLayer(target: number | undefined): Promise<string | undefined> {
  const { method, model, language } = studio();
  const fallback = model?.layers.findLast(({ channels }) => channels !== undefined)?.name;
  const explained = startListed(textOf(language).explaining, "explain", { method, targets: [target ?? 0], layer: undefined, score: "output" });
  return explained.result.then(
    ([heatmap]) => heatmap?.layer ?? fallback,
    () => fallback,
  );
}
