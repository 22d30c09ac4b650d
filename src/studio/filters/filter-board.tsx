// All filters of a layer: numbers to choose from, which become pictures as they are finished.

import { Icon } from "../pieces/icon.tsx";
import { Pixels } from "../pieces/pixels.tsx";
import { runLayer, watchFilter } from "../state/ascent.ts";
import { useStudio } from "../state/studio.ts";
import { useText } from "../text/use-text.ts";

export function FilterBoard({ layer, channels }: { readonly layer: string; readonly channels: number }) {
  const text = useText();
  const gallery = useStudio((state) => state.gallery);
  const live = useStudio((state) => state.live);
  const own = new Map(gallery.filter((pattern) => pattern.layer === layer).map((pattern) => [pattern.channel, pattern]));
  return (
    <section className="board">
      <div className="board-head">
        <p className="soft">{text.filtersProgress(own.size, channels)}</p>
        <button type="button" className="button" onClick={() => runLayer(layer, channels)}>
          <Icon name="grid" />
          <span>{text.wholeLayer}</span>
        </button>
      </div>
      <div className="cells">
        {Array.from({ length: channels }, (_, i) => i).map((channel) => {
          const pattern = own.get(channel);
          const isLive = live?.layer === layer && live.channel === channel;
          return (
            <button
              key={channel}
              type="button"
              className="cell"
              aria-pressed={isLive}
              aria-label={text.channel(channel)}
              onClick={() => watchFilter(layer, channel)}
            >
              {pattern && <Pixels image={pattern.picture} smooth />}
              <span className="number">{channel}</span>
            </button>
          );
        })}
      </div>
    </section>
  );
}
