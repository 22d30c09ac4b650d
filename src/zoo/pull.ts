// Downloads the official weights of a known network.

import { cachedFile, download, openInput } from "#platform";
import { fail, isPellucidError } from "../errors.ts";
import { openWeights } from "../formats/keras/weights-only.ts";
import { getModel } from "./models.ts";
import type { WeightsFile } from "./zoo-model.ts";

export interface VariantOptions {
  /** Whether the layers that name classes are wanted. Default: true. */
  readonly includeTop?: boolean;
}

export interface PullOptions extends VariantOptions {
  readonly signal?: AbortSignal;
  /** Called while bytes arrive; `total` is undefined where the server does not say it. */
  readonly onProgress?: (progress: { done: number; total: number | undefined }) => void;
}

/** A file of weights in the cache. */
export interface PulledFile {
  readonly path: string;
  readonly byteLength: number;
}

/**
 * Downloads the official weights of a network from keras.applications into the user's cache folder (`PELLUCID_HOME`), unless
 * they are there. A download that broke off goes on where it stopped; its hash is checked before the file takes its name.
 *
 * @param name `vgg16`, `resnet50v2`, `mobilenetv2-0.35-96` …, see `zooModels`
 * @throws {BAD_ARGUMENT} if there is no such network
 * @throws {NETWORK} @throws {BAD_DOWNLOAD} @throws {WRITE_FAILED} @throws {ABORTED}
 * @example
 * const { path } = await pull("vgg16", { onProgress: ({ done, total }) => console.log(done, total) });
 */
export async function pull(name: string, { includeTop, signal, onProgress }: PullOptions = {}): Promise<PulledFile> {
  const file = fileOf(name, { includeTop });
  const path = await download({ ...file, largest: 5 * file.parameters + 2 ** 24, verify: checkWeights }, { signal, onProgress });
  return (await cachedFile(file.name)) ?? fail("MISSING_FILE", `${path} vanished right after the download.`, { details: { path } });
}

/** The weights in the cache; undefined if they have to be pulled first. @throws {BAD_ARGUMENT} if there is no such network */
export async function pulledFile(name: string, options: VariantOptions = {}): Promise<PulledFile | undefined> {
  return cachedFile(fileOf(name, options).name);
}

function fileOf(name: string, { includeTop = true }: VariantOptions): WeightsFile {
  const { files } = getModel(name);
  return includeTop ? files.top : files.notop;
}

/** Where no hash is known: every weight that the file lists lies within it. @throws {BAD_DOWNLOAD} */
async function checkWeights(path: string): Promise<void> {
  const { source } = await openInput(path);
  const weights = source && (await openWeights(source).catch((error) => failDamaged(error)));
  if (!weights?.groups?.some(({ weights }) => weights.length > 0)) failDamaged(undefined);
}

function failDamaged(cause: unknown): never {
  if (cause !== undefined && !isPellucidError(cause)) throw cause;
  return fail("BAD_DOWNLOAD", `The file that was downloaded holds no weights of Keras${cause ? `: ${(cause as Error).message}` : "."}`, {
    hint: "Try again; if it stays so, something between you and the server changes files.",
    cause,
  });
}
