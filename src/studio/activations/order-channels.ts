// The orders in which channels can stand.

import type { ChannelStatistics } from "../engine/protocol.ts";

export const channelOrders = ["index", "mean", "max", "sparsity"] as const;

export type ChannelOrder = (typeof channelOrders)[number];

/** Channel indices: by number, or the largest first. Equal ones stay in the order of their numbers. */
export function orderChannels(channels: readonly ChannelStatistics[], order: ChannelOrder): number[] {
  const indices = channels.map((_, i) => i);
  if (order === "index") return indices;
  return indices.sort((a, b) => (channels[b] as ChannelStatistics)[order] - (channels[a] as ChannelStatistics)[order]);
}
