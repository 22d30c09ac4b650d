// Asks how pixels become inputs, where the model does not say it.

import { type PresetName, presets } from "pellucid";
import { changeSettings } from "../state/open.ts";
import { useText } from "../text/use-text.ts";

export function PixelsQuestion() {
  const text = useText();
  return (
    <section className="question">
      <p>{text.needPixels}</p>
      <div className="answers">
        {(Object.keys(presets) as PresetName[]).map((name) => (
          <button key={name} type="button" className="button" onClick={() => changeSettings({ preprocess: name })}>
            <strong>{name}</strong>
            <span className="soft">{text.preset[name]}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
