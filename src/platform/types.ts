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

/** A file to download. */
export interface Download {
  /** Its name in the cache. */
  readonly name: string;
  readonly url: string;
  /** MD5 or SHA-256 in hexadecimal. */
  readonly hash: string | undefined;
  /** Looks into a file whose hash is not known, at its path. @throws {BAD_DOWNLOAD} */
  readonly verify?: (path: string) => Promise<void>;
  /** More bytes than this cannot be the file. */
  readonly largest: number;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Called with bytes. `total` is undefined where the server does not say it. */
  readonly onProgress?: (progress: { done: number; total: number | undefined }) => void;
  /** Milliseconds without data before a connection counts as broken. Default: 30,000. */
  readonly timeout?: number;
  /** Milliseconds before the first new try. Default: 1,000. */
  readonly retryDelay?: number;
}
