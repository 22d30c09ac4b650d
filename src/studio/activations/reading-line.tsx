// The value under the pointer, with its channel's mean, maximum and share of zeros.

import type { ChannelStatistics, LayerActivations } from "../engine/protocol.ts";
import { formatPercent, formatValue } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { valueAt } from "./channel-pixels.ts";
import type { Reading } from "./channel-tile.tsx";

export function ReadingLine({ answer, reading }: { readonly answer: LayerActivations; readonly reading: Reading | undefined }) {
  const text = useText();
  if (!reading) return <p className="reading soft">{text.hoverHint}</p>;
  const { channel, x, y } = reading;
  const { mean, max, sparsity } = answer.channels[channel] as ChannelStatistics;
  return (
    <p className="reading number">
      <strong>{text.channel(channel)}</strong>
      <span>{text.valueAt(x, y, formatValue(valueAt(answer, channel, x, y)))}</span>
      <span className="soft">
        {text.mean} {formatValue(mean)} · {text.max} {formatValue(max)} · {text.zeros} {formatPercent(sparsity)}
      </span>
    </p>
  );
}
