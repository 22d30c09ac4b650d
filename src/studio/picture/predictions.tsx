// The network's answers, best first, with bars. Choosing one asks why.

import type { Prediction } from "pellucid";
import { update, useStudio } from "../state/studio.ts";
import { formatScore } from "../text/format.ts";
import { useText } from "../text/use-text.ts";

const SHOWN = 5;

export function Predictions() {
  const text = useText();
  const predictions = useStudio((state) => state.answer?.predictions);
  const target = useStudio((state) => state.target);
  if (!predictions) return <p className="soft hint">{text.noPredictions}</p>;
  const shown = predictions.slice(0, SHOWN);
  const asked = predictions.find(({ index }) => index === target);
  const rows = asked && !shown.includes(asked) ? [...shown, asked] : shown;
  const isProbability = predictions.every(({ score }) => score >= 0 && score <= 1);
  const most = Math.max(...predictions.map(({ score }) => Math.abs(score)), Number.MIN_VALUE);
  return (
    <div className="predictions">
      <h2>{text.predictions}</h2>
      <ol>
        {rows.map((prediction) => (
          <li key={prediction.index}>
            <Row
              prediction={prediction}
              chosen={prediction.index === target}
              share={prediction.score / (isProbability ? 1 : most)}
              isProbability={isProbability}
            />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface RowProps {
  readonly prediction: Prediction;
  readonly chosen: boolean;
  /** Length of the bar, 0..1. */
  readonly share: number;
  readonly isProbability: boolean;
}

function Row({ prediction: { index, label, score }, chosen, share, isProbability }: RowProps) {
  const text = useText();
  const number = formatScore(score, isProbability);
  return (
    <button type="button" className="prediction" aria-pressed={chosen} onClick={() => update({ target: index, view: "heatmaps" })}>
      <span className="label">{label}</span>
      <span className="number">{number}</span>
      <span className="unseen">{text.why(label)}</span>
      <span className="bar" style={{ "--share": Math.max(0, share) } as React.CSSProperties} />
    </button>
  );
}
