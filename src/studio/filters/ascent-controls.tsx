// Steps, step size and seed. A filter that is being watched starts again with what is changed.

import { changeAscent } from "../state/ascent.ts";
import { type AscentSettings, useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";

const limits: Readonly<Record<keyof AscentSettings, { min: number; max: number; step: number }>> = {
  steps: { min: 1, max: 1000, step: 1 },
  stepSize: { min: 0.1, max: 20, step: 0.1 },
  seed: { min: 0, max: 9999, step: 1 },
};

export function AscentControls() {
  const text = useText();
  const settings = useStudio((state) => state.ascent);
  return (
    <div className="controls compact">
      {(["steps", "stepSize", "seed"] as const).map((name) => (
        <label key={name} className="control">
          <span>{text[name]}</span>
          <input
            type="number"
            {...limits[name]}
            value={settings[name]}
            onChange={({ target }) => target.value !== "" && target.validity.valid && changeAscent({ [name]: target.valueAsNumber })}
          />
        </label>
      ))}
    </div>
  );
}
