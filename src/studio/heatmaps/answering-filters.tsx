// Which filters answered to the class: the layer's channels with the most evidence, each a way to its pattern.

import { watchFilter } from "../state/ascent.ts";
import { update } from "../state/studio.ts";
import { useTask } from "../state/use-task.ts";
import { formatPercent } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { HeatLayers } from "./heat-layers.tsx";

const SHOWN = 6;

export function AnsweringFilters({ layer, target, label }: { readonly layer: string; readonly target: number; readonly label: string }) {
  const text = useText();
  const { value } = useTask(text.weighing, "answering", { layer, target, top: SHOWN });
  if (!value || value.length === 0) return undefined;
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
            <button type="button" className="tile" onClick={() => show(channel)}>
              <HeatLayers heat={map} strength={0.6} />
              <span className="tile-text">
                <span className="number">{text.channel(channel)}</span>
                <span className="number soft">{formatPercent(share)}</span>
                <span className="unseen">{text.seeFilter}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
