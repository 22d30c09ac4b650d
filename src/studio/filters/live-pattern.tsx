// The pattern that is forming, and what steers it.

import { HeatLayers } from "../heatmaps/heat-layers.tsx";
import { Icon } from "../pieces/icon.tsx";
import { Pixels } from "../pieces/pixels.tsx";
import { Progress } from "../pieces/progress.tsx";
import { climbedBy, pauseAscent, stopAscent, watchFilter } from "../state/ascent.ts";
import { type LiveAscent, useStudio } from "../state/studio.ts";
import { useTask } from "../state/use-task.ts";
import { formatValue } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { AscentControls } from "./ascent-controls.tsx";

export function LivePattern() {
  const text = useText();
  const live = useStudio((state) => state.live);
  const frame = live?.frame;
  const [picture] = frame?.pictures ?? [];
  return (
    <section className="live">
      <div className="live-well">
        {live && picture ? <Pixels image={picture} label={text.patternOf(live.channel, live.layer)} smooth /> : <p className="empty">{text.filterHint}</p>}
      </div>
      {live && <Status live={live} />}
      {live && <InPicture layer={live.layer} channel={live.channel} />}
      <AscentControls />
    </section>
  );
}

/** Where the filter answers in the user's own picture. */
function InPicture({ layer, channel }: { readonly layer: string; readonly channel: number }) {
  const text = useText();
  const { value } = useTask(text.reading, "where", { layer, channel });
  if (!value) return undefined;
  return (
    <figure className="in-picture">
      <HeatLayers heat={value} strength={0.6} label={text.inPicture} />
      <figcaption>
        <strong>{text.inPicture}</strong> <span className="soft">{text.inPictureHint}</span>
      </figcaption>
    </figure>
  );
}

function Status({ live }: { readonly live: LiveAscent }) {
  const text = useText();
  const { frame, layer, channel, paused, running } = live;
  return (
    <div className="live-status">
      <p>
        <strong>
          {layer} · {text.channel(channel)}
        </strong>
      </p>
      <Progress label={text.steps} done={frame?.step ?? 0} total={frame?.steps} />
      <p className="number soft live-numbers">
        <span>{text.stepOf(frame?.step ?? 0, frame?.steps ?? 0)}</span>
        <span>
          {text.activation} <output>{formatValue(frame?.activations[0] ?? 0)}</output>
        </span>
      </p>
      {climbedBy(layer) !== layer && <p className="soft hint">{text.beforeRelu}</p>}
      {frame?.silent[0] && frame.step > 0 && <p className="soft">{text.silentFilter}</p>}
      <div className="live-buttons">
        {running ? (
          <>
            <button type="button" className="button" onClick={() => pauseAscent(!paused)}>
              <Icon name={paused ? "play" : "pause"} />
              <span>{paused ? text.resume : text.pause}</span>
            </button>
            <button type="button" className="button" onClick={stopAscent}>
              <Icon name="stop" />
              <span>{text.stop}</span>
            </button>
          </>
        ) : (
          <button type="button" className="button" onClick={() => watchFilter(layer, channel)}>
            <Icon name="play" />
            <span>{text.run}</span>
          </button>
        )}
      </div>
    </div>
  );
}
