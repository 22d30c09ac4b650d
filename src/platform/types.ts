// What Pellucid needs of the machine it runs on. node.ts and browser.ts export the same functions of these types.

import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";

export type { Opened } from "../source.ts";

/** Where a graph runs: an execution provider of ONNX Runtime. `cpu` is native in Node and wasm in browsers. */
export type Device = "cpu" | "webgpu" | "cuda" | "coreml" | "dml";

export const devices: readonly Device[] = ["cpu", "webgpu", "cuda", "coreml", "dml"];

/** The two constructors of ONNX Runtime that Pellucid uses, from whichever of its packages fits. */
export interface Runtime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof OrtTensor;
  /** The execution provider's name for a device. */
  readonly provider: string;
  /** Whether weights can be mapped from files on disk. */
  readonly mapsFiles: boolean;
}

/** What a user may hand over as a model: a path or URL, a file of the browser, several files, or bytes. */
export type ModelInputSource = string | URL | Blob | readonly File[] | Uint8Array;
