// One channel: drawn when it comes into sight, read by pointing at it, enlarged by a click.

import { memo, useEffect, useRef, useState } from "react";
import type { LayerActivations } from "../engine/protocol.ts";
import { Pixels } from "../pieces/pixels.tsx";
import { useText } from "../text/use-text.ts";
import { channelPixels, placeAt } from "./channel-pixels.ts";

/** A place in a channel that is pointed at. */
export interface Reading {
  readonly channel: number;
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly answer: LayerActivations;
  readonly channel: number;
  onRead(reading: Reading): void;
  onEnlarge(channel: number): void;
}

export const ChannelTile = memo(function ChannelTile({ answer, channel, onRead, onEnlarge }: Props) {
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const inSight = useInSight(button);
  const silent = answer.channels[channel]?.sparsity === 1;
  return (
    <button
      ref={button}
      type="button"
      className={`channel ${silent ? "is-silent" : ""}`}
      aria-label={text.channel(channel)}
      onClick={() => onEnlarge(channel)}
      onFocus={() => onRead({ channel, x: 0, y: 0 })}
      onPointerMove={(event) => onRead({ channel, ...placeAt(event, answer.size) })}
    >
      <span className="channel-well">{inSight && <Pixels image={channelPixels(answer, channel)} />}</span>
      <span className="number">{channel}</span>
    </button>
  );
});

/** Whether the element is near the visible part of the page; stays true once it was. */
function useInSight(element: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        setSeen(true);
        observer.disconnect();
      },
      { rootMargin: "300px" },
    );
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return seen;
}
