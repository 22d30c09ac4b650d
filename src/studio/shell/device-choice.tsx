// Where the model runs, how many threads it has, and how long the last prediction took.

import { useEffect, useState } from "react";
import type { StudioDevice } from "../engine/protocol.ts";
import { changeSettings } from "../state/open.ts";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";

export function DeviceChoice() {
  const text = useText();
  const device = useStudio((state) => state.settings.device);
  const threads = useStudio((state) => (state.model?.device === "cpu" ? state.answer?.threads : undefined));
  const took = useStudio((state) => state.took);
  const hasGpu = useGpu();
  const note = device === "webgpu" ? undefined : globalThis.crossOriginIsolated ? undefined : text.oneThread;
  return (
    <div className="device" title={hasGpu ? note : [text.noGpu, note].filter(Boolean).join(" ")}>
      <select aria-label={text.device} value={device} onChange={(event) => changeSettings({ device: event.target.value as StudioDevice })}>
        <option value="cpu">{text.deviceName.cpu}</option>
        <option value="webgpu" disabled={!hasGpu}>
          {text.deviceName.webgpu}
        </option>
      </select>
      <span className="timing soft">
        {threads !== undefined && <span>{text.threads(threads)}</span>}
        {took !== undefined && (
          <output aria-label={text.tookLabel} className="number">
            {took.cold ? text.tookLoading((took.ms / 1000).toFixed(1)) : text.took(Math.round(took.ms))}
          </output>
        )}
      </span>
    </div>
  );
}

/** Whether this browser has a WebGPU adapter; false until it has answered. */
function useGpu(): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
    gpu?.requestAdapter().then(
      (adapter) => setHas(adapter !== null),
      () => setHas(false),
    );
  }, []);
  return has;
}
