// How the heatmap is made and shown: strength, method, score, a second class.

import type { ScoreKind } from "pellucid";
import { update, useStudio } from "../state/studio.ts";
import { formatPercent } from "../text/format.ts";
import { useText } from "../text/use-text.ts";

export function HeatmapControls() {
  const text = useText();
  const strength = useStudio((state) => state.strength);
  const method = useStudio((state) => state.method);
  const methods = useStudio((state) => state.model?.methods) ?? [];
  const target = useStudio((state) => state.target);
  const rival = useStudio((state) => (state.rival === state.target ? undefined : state.rival));
  const score = useStudio((state) => state.score);
  const predictions = useStudio((state) => state.answer?.predictions) ?? [];
  return (
    <div className="controls evidence-controls">
      <label className="control wide">
        <span>
          {text.strength} <span className="number">{formatPercent(strength)}</span>
        </span>
        <input type="range" min="0" max="1" step="0.01" value={strength} onChange={(event) => update({ strength: Number(event.target.value) })} />
      </label>
      <label className="control">
        <span>{text.compare}</span>
        <select value={rival ?? ""} onChange={(event) => update({ rival: event.target.value === "" ? undefined : Number(event.target.value) })}>
          <option value="">{text.nothing}</option>
          {predictions
            .filter(({ index }) => index !== target)
            .map(({ index, label }) => (
              <option key={index} value={index}>
                {label}
              </option>
            ))}
        </select>
      </label>
      <label className="control">
        <span>{text.method}</span>
        <select value={method} onChange={(event) => update({ method: event.target.value })}>
          {methods.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="control">
        <span>{text.explained}</span>
        <select value={score} onChange={(event) => update({ score: event.target.value as ScoreKind })}>
          <option value="output">{text.scoreName.output}</option>
          <option value="logit">{text.scoreName.logit}</option>
        </select>
      </label>
    </div>
  );
}
