// Browsers: Blobs and URLs, ONNX Runtime as wasm (multithreaded where the page is cross-origin isolated) or on WebGPU.

import { fail } from "../errors.ts";
import { bytesSource, type Source } from "../source.ts";
import { blobSource, emptyFolder, filesFolder } from "./folders.ts";
import type { Device, Download, DownloadOptions, ModelInputSource, Opened, Runtime } from "./types.ts";
import { openUrl, urlSource } from "./urls.ts";

export const platform = "browser";

/** A page has no files by name. */
export async function exists(_path: string): Promise<boolean> {
  return false;
}

/** A page keeps no downloaded files. */
export async function cachedFile(_name: string): Promise<{ path: string; byteLength: number } | undefined> {
  return undefined;
}

/** A page can neither check nor keep files of this size. @throws {NETWORK} */
export async function download({ name, url }: Download, _options?: DownloadOptions): Promise<string> {
  return fail("NETWORK", `A web page cannot download ${name} by itself.`, {
    hint: `Download it from ${url} and open the file, with the network's name as its architecture.`,
    details: { url },
  });
}

/** Threads for wasm; 0 lets ONNX Runtime choose. */
export const defaultThreads = 0;

/** ONNX Runtime for a device. Loaded when first asked for. @throws {DEVICE} */
export async function loadRuntime(device: Device): Promise<Runtime> {
  if (device !== "cpu" && device !== "webgpu") {
    fail("DEVICE", `A browser has no device "${device}".`, { hint: "Use cpu (wasm) or webgpu." });
  }
  if (device === "webgpu" && !(await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter())) {
    fail("DEVICE", "This browser offers no WebGPU adapter.", { hint: "Use the device cpu (wasm), or a browser with WebGPU." });
  }
  // Two builds: the one with WebGPU is twice as large, so it is loaded only for the GPU.
  const ort = await (device === "cpu" ? import("onnxruntime-web/wasm") : import("onnxruntime-web/webgpu"));
  return { InferenceSession: ort.InferenceSession, Tensor: ort.Tensor, provider: device === "cpu" ? "wasm" : "webgpu", mapsFiles: false };
}

/** Opens what the user gave: a URL, a dropped file, several, or bytes. @throws {MISSING_FILE} @throws {NETWORK} */
export async function openInput(input: ModelInputSource): Promise<Opened> {
  if (input instanceof Uint8Array) return { name: "model", source: bytesSource(input, "model"), folder: emptyFolder };
  if (input instanceof Blob) return { name: (input as File).name ?? "model", source: blobSource(input), folder: emptyFolder };
  if (Array.isArray(input)) return filesFolder(input as readonly File[]);
  return openUrl(new URL(input as string | URL, location.href));
}

/** A file that ships with Pellucid: from `assets/` beside the page's scripts, see `setAssets`. */
export function openAsset(path: string): Promise<Source> {
  return urlSource(new URL(path, assets));
}

let assets = new URL(/* @vite-ignore */ "../../assets/", import.meta.url);

/** Where the package's `assets` folder is served, if a bundler moved it. */
export function setAssets(url: string | URL): void {
  assets = new URL(url, location.href);
}
