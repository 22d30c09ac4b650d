// Opening a model: files, an address, or the embedded one; and how its pictures are prepared.

import { useState } from "react";
import { Dialog } from "../pieces/dialog.tsx";
import { Icon } from "../pieces/icon.tsx";
import { openAddress, openEmbedded, openFiles } from "../state/open.ts";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { ModelSettingsForm } from "./model-settings-form.tsx";

export function ModelDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const model = useStudio((state) => state.model);
  const [address, setAddress] = useState("");
  return (
    <Dialog title={text.openModel} onClose={onClose}>
      <p className="soft">{text.openModelHint}</p>
      <div className="ways">
        <label className="button primary">
          <Icon name="file" />
          <span>{text.chooseFiles}</span>
          <input
            type="file"
            multiple
            className="unseen"
            onChange={(event) => {
              openFiles([...(event.target.files ?? [])]);
              onClose();
            }}
          />
        </label>
        <button
          type="button"
          className="button"
          onClick={() => {
            void openEmbedded();
            onClose();
          }}
        >
          <Icon name="cube" />
          <span>{text.embedded}</span>
        </button>
      </div>
      <p className="soft hint">{text.several}</p>
      <form
        className="address"
        onSubmit={(event) => {
          event.preventDefault();
          openAddress(address);
          onClose();
        }}
      >
        <input
          type="url"
          required
          placeholder="https://…/model.onnx"
          aria-label={text.address}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
        <button type="submit" className="button">
          {text.fetchModel}
        </button>
      </form>
      {model && <ModelSettingsForm model={model} />}
    </Dialog>
  );
}
