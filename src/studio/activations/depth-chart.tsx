// How silent the layers are, from input to prediction: one bar a layer, drawn by Observable Plot.

import { useEffect, useRef } from "react";
import type { LayerSurvey } from "../engine/protocol.ts";
import { depthColour } from "../graph/depth-colour.ts";
import { Notice } from "../pieces/notice.tsx";
import { update, useStudio } from "../state/studio.ts";
import { useTask } from "../state/use-task.ts";
import type { Catalogue } from "../text/en.ts";
import { formatPercent } from "../text/format.ts";
import { useText } from "../text/use-text.ts";

const margins = { marginLeft: 36, marginRight: 4 } as const;

export function DepthChart() {
  const text = useText();
  const { value, failure, pending, again } = useTask(text.measuring, "survey", {});
  return (
    <figure className="depth">
      <figcaption className="soft">{pending && !value ? text.measuring : text.depth}</figcaption>
      {failure && <Notice failure={failure} onAgain={again} />}
      {value && <Chart surveys={value} />}
    </figure>
  );
}

function Chart({ surveys }: { readonly surveys: readonly LayerSurvey[] }) {
  const text = useText();
  const selected = useStudio((state) => state.layer);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let current = true;
    import("@observablehq/plot").then((plot) => {
      if (current && place.current) place.current.replaceChildren(drawChart(plot, surveys, selected, place.current.clientWidth, text));
    });
    return () => {
      current = false;
    };
  }, [surveys, selected, text]);
  return <div ref={place} className="chart" />;
}

function drawChart(
  { axisY, barY, plot, ruleY }: typeof import("@observablehq/plot"),
  surveys: readonly LayerSurvey[],
  selected: string | undefined,
  width: number,
  text: Catalogue,
): Element {
  const title = ({ layer, sparsity, silent, channels }: LayerSurvey) => `${layer}\n${text.zeros} ${formatPercent(sparsity)}\n${text.silent(silent, channels)}`;
  const fill = (_: LayerSurvey, i: number) => depthColour(i / Math.max(1, surveys.length - 1));
  const opacity = ({ layer }: LayerSurvey) => (layer === selected ? 1 : 0.55);
  const chart = plot({
    width,
    height: 96,
    ...margins,
    marginTop: 8,
    marginBottom: 8,
    x: { domain: surveys.map(({ layer }) => layer), axis: null, padding: 0.22 },
    y: { domain: [0, 1], axis: null, label: null },
    ariaLabel: text.depth,
    marks: [
      axisY([0, 0.5, 1], { tickFormat: formatPercent, tickSize: 0, label: null }),
      ruleY([0, 0.5, 1], { strokeOpacity: 0.15 }),
      barY(surveys, { x: "layer", y: () => 1, fill: "transparent", title }),
      barY(surveys, { x: "layer", y: "sparsity", fill, opacity, title }),
    ],
  });
  // Plot names its marks, which a picture with a name of its own must not.
  for (const mark of chart.querySelectorAll("g[aria-label]")) mark.removeAttribute("aria-label");
  chart.setAttribute("role", "img");
  chart.addEventListener("click", (event) => update({ layer: layerAt(surveys, (event as MouseEvent).offsetX, chart.clientWidth) }));
  return chart;
}

function layerAt(surveys: readonly LayerSurvey[], x: number, width: number): string | undefined {
  const at = Math.floor(((x - margins.marginLeft) / (width - margins.marginLeft - margins.marginRight)) * surveys.length);
  return surveys[Math.min(surveys.length - 1, Math.max(0, at))]?.layer;
}
