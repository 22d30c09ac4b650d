// What the selected layer answers: all its channels as a grid, and how the layers compare along depth.

import { useMemo, useState } from "react";
import type { LayerActivations, StudioLayer } from "../engine/protocol.ts";
import { Notice } from "../pieces/notice.tsx";
import { Segmented } from "../pieces/segmented.tsx";
import { useTask } from "../state/use-task.ts";
import { formatShape } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { ChannelTile, type Reading } from "./channel-tile.tsx";
import { DepthChart } from "./depth-chart.tsx";
import { type ChannelOrder, channelOrders, orderChannels } from "./order-channels.ts";
import { ReadingLine } from "./reading-line.tsx";

export function ActivationsView({ layer }: { readonly layer: StudioLayer | undefined }) {
  const text = useText();
  const { value, failure, pending, again } = useTask(text.reading, "activations", layer?.channels === undefined ? undefined : { layer: layer.name });
  return (
    <article className="view activations" aria-busy={pending}>
      <h2>
        {text.activationsOf(layer?.name ?? "")} {layer && <small className="soft number">{formatShape(layer.shape)}</small>}
      </h2>
      <DepthChart />
      {failure && <Notice failure={failure} onAgain={again} />}
      {layer?.channels === undefined ? <p className="empty">{text.noChannels}</p> : value && <Channels key={value.layer} answer={value} pending={pending} />}
    </article>
  );
}

function Channels({ answer, pending }: { readonly answer: LayerActivations; readonly pending: boolean }) {
  const text = useText();
  const [order, setOrder] = useState<ChannelOrder>("index");
  const [side, setSide] = useState(() => fittingSide(answer.channels.length));
  const [reading, setReading] = useState<Reading>();
  const [enlarged, setEnlarged] = useState<number>();
  const sorted = useMemo(() => orderChannels(answer.channels, order), [answer, order]);
  const silent = answer.channels.filter(({ sparsity }) => sparsity === 1).length;
  return (
    <>
      <div className="controls">
        <div className="control">
          <span>{text.sortBy}</span>
          <Segmented label={text.sortBy} options={channelOrders} names={text.sort} value={order} onChange={setOrder} />
        </div>
        <label className="control">
          <span>{text.tileSize}</span>
          <input type="range" min="32" max="256" step="16" value={side} onChange={(event) => setSide(Number(event.target.value))} />
        </label>
        <p className="silent">{text.silent(silent, answer.channels.length)}</p>
      </div>
      <ReadingLine answer={answer} reading={reading} />
      <div
        className={`channels ${pending ? "stale" : ""}`}
        style={{ "--side": `${side}px` } as React.CSSProperties}
        onPointerLeave={() => setReading(undefined)}
      >
        {sorted.map((channel) => (
          <ChannelTile key={channel} answer={answer} channel={channel} onRead={setReading} onEnlarge={setEnlarged} />
        ))}
      </div>
      {enlarged !== undefined && <ChannelDialog answer={answer} channel={enlarged} onClose={() => setEnlarged(undefined)} />}
    </>
  );
}

/** Pixels a side at which this many channels fill the stage of a laptop. */
function fittingSide(channels: number): number {
  return Math.max(48, Math.min(144, 16 * Math.floor(Math.sqrt(280_000 / channels) / 16)));
}
