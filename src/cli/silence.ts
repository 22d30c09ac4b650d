// How sparse a layer's answer is.

import { type Activation, toNumbers } from "pellucid";

export interface Silence {
  readonly channels: number;
  /** Channels that are zero everywhere. */
  readonly silent: number;
  /** Share of all values that are zero. */
  readonly zeros: number;
}

/** Of one item's answer. Layers without a channel axis count as one channel. */
export function silenceOf({ layer, tensor }: Activation): Silence {
  const values = toNumbers(tensor);
  const axis = layer.channelAxis;
  const channels = axis === undefined ? 1 : (tensor.shape[axis] as number);
  const inner = axis === undefined ? values.length : tensor.shape.slice(axis + 1).reduce((n, d) => n * d, 1);
  const loud = new Set<number>();
  let zeros = 0;
  for (const [i, value] of values.entries()) {
    if (value === 0) zeros++;
    else loud.add(Math.floor(i / inner) % channels);
  }
  return { channels, silent: channels - loud.size, zeros: values.length ? zeros / values.length : 0 };
}
