// How the open model takes pictures: scaling, fitting, size, class names.

import { type PresetName, presets, type ResizePolicy } from "pellucid";
import type { ModelSummary } from "../engine/protocol.ts";
import { DeviceChoice } from "../shell/device-choice.tsx";
import { changeSettings } from "../state/open.ts";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";

export function ModelSettingsForm({ model }: { readonly model: ModelSummary }) {
  const text = useText();
  const settings = useStudio((state) => state.settings);
  return (
    <section className="settings">
      <h3>{text.settings}</h3>
      <div className="setting">
        <span>{text.device}</span>
        <DeviceChoice />
      </div>
      <label>
        <span>{text.pixels}</span>
        <select
          value={settings.preprocess ?? ""}
          onChange={(event) => changeSettings({ preprocess: (event.target.value || undefined) as PresetName | undefined })}
        >
          <option value="">{text.asModelSays}</option>
          {Object.keys(presets).map((name) => (
            <option key={name} value={name}>
              {name}: {text.preset[name as PresetName]}
            </option>
          ))}
        </select>
      </label>
      {model.preprocess?.reason && <p className="soft hint">{model.preprocess.reason}</p>}
      <label>
        <span>{text.fit}</span>
        <select value={settings.resize} onChange={(event) => changeSettings({ resize: event.target.value as ResizePolicy })}>
          {(["squash", "crop", "pad"] as const).map((policy) => (
            <option key={policy} value={policy}>
              {text.fitName[policy]}
            </option>
          ))}
        </select>
      </label>
      <SizeField model={model} />
      <LabelsField />
    </section>
  );
}

/** Only models that leave the size of pictures open can be told one. */
function SizeField({ model }: { readonly model: ModelSummary }) {
  const text = useText();
  const size = useStudio((state) => state.settings.size);
  const open = model.input.shape.length === 4 && model.input.shape.slice(1).some((d) => typeof d !== "number");
  if (!open) return undefined;
  return (
    <label>
      <span>{text.pictureSize}</span>
      <input
        type="number"
        min="8"
        max="2048"
        defaultValue={size ?? model.size?.[0] ?? 224}
        onBlur={({ target }) => target.value !== target.defaultValue && target.validity.valid && changeSettings({ size: Number(target.value) })}
      />
    </label>
  );
}

function LabelsField() {
  const text = useText();
  return (
    <label>
      <span>{text.labels}</span>
      <input
        type="file"
        accept=".json,.txt,text/plain,application/json"
        onChange={async (event) => {
          const file = event.target.files?.[0];
          if (file) changeSettings({ labels: await file.text() });
        }}
      />
    </label>
  );
}
