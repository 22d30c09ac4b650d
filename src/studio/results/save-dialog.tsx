// Results out: the picture and the numbers of this view, a report, and the command that does the same.

import { useState } from "react";
import { Dialog } from "../pieces/dialog.tsx";
import { Icon } from "../pieces/icon.tsx";
import { studio, useStudio } from "../state/studio.ts";
import { report } from "../state/work.ts";
import { useText } from "../text/use-text.ts";
import { commandLine } from "./command-line.ts";
import { download } from "./download.ts";
import { makeReport } from "./report.ts";
import { patternsOf, savedNumbers, savedPicture } from "./saved-view.ts";

export function SaveDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const view = useStudio((state) => state.view);
  const [working, setWorking] = useState(false);
  const nothing = useStudio((state) => state.view === "filters" && patternsOf(state).length === 0);
  const save = async (make: () => Promise<{ name: string; blob: Blob }>) => {
    setWorking(true);
    await make().then(download, report);
    setWorking(false);
  };
  return (
    <Dialog title={text.save} onClose={onClose}>
      <div className="save-ways" aria-busy={working}>
        <SaveButton label={text.savePng} disabled={working || nothing} onClick={() => save(() => savedPicture(studio()))} />
        {view !== "graph" && <SaveButton label={text.saveNpy} disabled={working || nothing} onClick={() => save(() => savedNumbers(studio()))} />}
        <SaveButton label={text.saveReport} disabled={working} onClick={() => save(() => makeReport(studio(), text))} />
      </div>
      <CommandLine />
    </Dialog>
  );
}

function SaveButton({ label, disabled, onClick }: { readonly label: string; readonly disabled: boolean; onClick(): void }) {
  return (
    <button type="button" className="button" disabled={disabled} onClick={onClick}>
      <Icon name="save" />
      <span>{label}</span>
    </button>
  );
}

function CommandLine() {
  const text = useText();
  const [copied, setCopied] = useState(false);
  const command = commandLine(studio());
  return (
    <section className="command">
      <h3>{text.command}</h3>
      <pre>
        <code>{command}</code>
      </pre>
      <button type="button" className="button" onClick={() => navigator.clipboard.writeText(command).then(() => setCopied(true), report)}>
        {copied ? text.copied : text.copy}
      </button>
    </section>
  );
}
