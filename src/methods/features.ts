// What the kernels of a device can do, so that gradients are written in a form that it runs.

import { cpuFeatures, type Features, webgpuFeatures } from "../ops/define.ts";
import type { Device } from "../platform/types.ts";

/** WebGPU lacks some kernels; all other devices are taken to have those of the CPU. */
export function featuresOf(device: Device): Features {
  return device === "webgpu" ? webgpuFeatures : cpuFeatures;
}
