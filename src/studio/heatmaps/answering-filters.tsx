// Which filters answered to the class: the layer's channels with the most evidence, each a way to its pattern.

import { Pixels } from "../pieces/pixels.tsx";
import { watchFilter } from "../state/ascent.ts";
import { update, useStudio } from "../state/studio.ts";
import { useTask } from "../state/use-task.ts";
import { formatPercent } from "../text/format.ts";
import { useText } from "../text/use-text.ts";

const SHOWN = 6;

export function AnsweringFilters({ layer, target, label }: { readonly layer: string; readonly target: number; readonly label: string }) {
  const text = useText();
  const picture = useStudio((state) => state.picture?.image);
  const { value } = useTask("answering", { layer, target, top: SHOWN });
  if (!value || value.length === 0 || !picture) return undefined;
  const show = (channel: number) => {
    update({ view: "filters" });
    watchFilter(layer, channel);
  };
  return (
    <section className="answering" aria-label={text.answeringTitle(label)}>
      <h3>{text.answeringTitle(label)}</h3>
      <p className="soft">{text.answeringHint}</p>
      <ol>
        {value.map(({ channel, share, map }) => (
          <li key={channel}>
            <button
              type="button"
              className="tile"
              onClick={() => show(channel)}
              aria-label={`${text.channel(channel)}, ${text.shareOf(formatPercent(share))}. ${text.seeFilter}`}
            >
              <span className="heat-layers" style={{ aspectRatio: `${picture.width} / ${picture.height}` }}>
                <Pixels image={picture} smooth />
                <Pixels image={map} smooth className="heat-over whole" />
              </span>
              <span className="tile-text">
                <span className="number">{text.channel(channel)}</span>
                <span className="number soft">{formatPercent(share)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
