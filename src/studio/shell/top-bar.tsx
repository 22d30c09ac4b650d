// The bar on top: which model, where it runs and how fast, saving, language and theme.

import { useState } from "react";
import { ModelDialog } from "../model/model-dialog.tsx";
import { Icon } from "../pieces/icon.tsx";
import { SaveDialog } from "../results/save-dialog.tsx";
import { keep, languages, themes } from "../state/preferences.ts";
import { update, useStudio } from "../state/studio.ts";
import { formatShort } from "../text/format.ts";
import { textOf, useText } from "../text/use-text.ts";
import { DeviceChoice } from "./device-choice.tsx";

export function TopBar() {
  const text = useText();
  const [open, setOpen] = useState<"model" | "save">();
  const answered = useStudio((state) => state.answer !== undefined);
  return (
    <header className="top">
      <h1 className="brand">
        <img src={new URL("../icon.svg", import.meta.url).href} alt="" width="24" height="24" />
        <span>
          Pellucid <em>Studio</em>
        </span>
      </h1>
      <ModelButton onClick={() => setOpen("model")} />
      <DeviceChoice />
      <div className="top-end">
        <button type="button" className="button" disabled={!answered} onClick={() => setOpen("save")}>
          <Icon name="save" />
          <span>{text.save}</span>
        </button>
        <Preferences />
      </div>
      {open === "model" && <ModelDialog onClose={() => setOpen(undefined)} />}
      {open === "save" && <SaveDialog onClose={() => setOpen(undefined)} />}
    </header>
  );
}

function ModelButton({ onClick }: { onClick(): void }) {
  const text = useText();
  const model = useStudio((state) => state.model);
  const source = useStudio((state) => state.source);
  return (
    <button type="button" className="model-button" onClick={onClick}>
      <Icon name="cube" />
      {source && <span className="unseen">{text.openModel}</span>}
      <span className="model-name">{source?.name ?? text.openModel}</span>
      {model && (
        <span className="soft">
          {text.layersCount(model.layers.length)} · {text.parameters(formatShort(model.parameters))}
        </span>
      )}
      <Icon name="down" />
    </button>
  );
}

function Preferences() {
  const text = useText();
  const language = useStudio((state) => state.language);
  const theme = useStudio((state) => state.theme);
  const choose = (name: "language" | "theme", value: string) => {
    keep(name, value);
    update({ [name]: value });
  };
  return (
    <div className="preferences">
      <select aria-label={text.languageLabel} value={language} onChange={(event) => choose("language", event.target.value)}>
        {languages.map((each) => (
          <option key={each} value={each}>
            {textOf(each).language}
          </option>
        ))}
      </select>
      <select aria-label={text.theme} value={theme} onChange={(event) => choose("theme", event.target.value)}>
        {themes.map((each) => (
          <option key={each} value={each}>
            {text.themeName[each]}
          </option>
        ))}
      </select>
    </div>
  );
}
