// What the kernels of a device can do, so that gradients are written in a form that it runs.

import type { Features } from "../ops/define.ts";
import type { Device } from "../platform/types.ts";

/** WebGPU's MaxPool gives no Indices. */
export function featuresOf(device: Device): Features {
  return { maxPoolIndices: device !== "webgpu" };
}
