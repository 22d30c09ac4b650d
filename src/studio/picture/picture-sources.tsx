// Ways to bring a picture in: a file, the camera; dropping and pasting work anywhere.

import { useState } from "react";
import { Icon } from "../pieces/icon.tsx";
import { openFiles } from "../state/open.ts";
import { useText } from "../text/use-text.ts";
import { CameraDialog } from "./camera-dialog.tsx";

export function PictureSources() {
  const text = useText();
  const [camera, setCamera] = useState(false);
  return (
    <div className="sources">
      <label className="button">
        <Icon name="file" />
        <span>{text.openPicture}</span>
        <input
          type="file"
          className="unseen"
          accept="image/*,.npy"
          onChange={(event) => {
            openFiles([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </label>
      <button type="button" className="button" aria-label={text.camera} onClick={() => setCamera(true)}>
        <Icon name="camera" />
      </button>
      <p className="soft hint">{text.pasteHint}</p>
      {camera && <CameraDialog onClose={() => setCamera(false)} />}
    </div>
  );
}
