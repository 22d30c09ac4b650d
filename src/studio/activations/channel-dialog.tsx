// One channel, large, beside the way to what it looks for.

import { useState } from "react";
import type { LayerActivations } from "../engine/protocol.ts";
import { Dialog } from "../pieces/dialog.tsx";
import { Icon } from "../pieces/icon.tsx";
import { Pixels } from "../pieces/pixels.tsx";
import { watchFilter } from "../state/ascent.ts";
import { update } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";
import { channelPixels, placeAt } from "./channel-pixels.ts";
import type { Reading } from "./channel-tile.tsx";
import { ReadingLine } from "./reading-line.tsx";

interface Props {
  readonly answer: LayerActivations;
  readonly channel: number;
  onClose(): void;
}

export function ChannelDialog({ answer, channel, onClose }: Props) {
  const text = useText();
  const [reading, setReading] = useState<Reading>({ channel, x: 0, y: 0 });
  const look = () => {
    onClose();
    update({ view: "filters" });
    watchFilter(answer.layer, channel);
  };
  return (
    <Dialog title={`${answer.layer} · ${text.channel(channel)}`} className="channel-dialog" onClose={onClose}>
      <div className="channel-large" onPointerMove={(event) => setReading({ channel, ...placeAt(event, answer.size) })}>
        <Pixels image={channelPixels(answer, channel)} label={text.channel(channel)} />
      </div>
      <ReadingLine answer={answer} reading={reading} />
      <button type="button" className="button primary" onClick={look}>
        <Icon name="wave" />
        <span>{text.seeFilter}</span>
      </button>
    </Dialog>
  );
}
