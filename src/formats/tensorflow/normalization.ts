// Normalizations, as they are at inference.

import { addBias, normalizeBatch } from "./channelwise.ts";
import type { TfOp } from "./define.ts";

/** LRN: y = x / (bias + alpha · Σ x²)^beta over 2 · radius + 1 channels; ONNX divides alpha by their number. */
const LRN: TfOp = {
  op: "LRN",
  emit: (w) => {
    const size = 2 * w.int("depth_radius", 5) + 1;
    const attrs = { size, alpha: w.float("alpha", 1) * size, beta: w.float("beta", 0.5), bias: w.float("bias", 1) };
    return w.fromChannelsAtOne(w.emit("LRN", [w.channelsAtOne(w.input())], attrs));
  },
};

export const normalizationOps: readonly TfOp[] = [
  ...["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"].map((op): TfOp => ({ op, emit: (w) => normalizeBatch(w, w.input(0), 1) })),
  ...["BiasAdd", "BiasAddV1"].map((op): TfOp => ({ op, emit: (w) => addBias(w, w.input(0), w.input(1)) })),
  LRN,
];
