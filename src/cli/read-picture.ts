// What the user shows to the model: a photo, or an input tensor in a .npy file.

import { basename, extname } from "node:path";
import { decodeImage, type Image, isPellucidError, itemAt, type Model, PellucidError, prepareImage, readNpy, reshape, type Tensor } from "pellucid";
import type { Job } from "./job.ts";
import { readWhole } from "./read-whole.ts";

/** One picture as the model takes it. */
export interface ModelPicture {
  readonly path: string;
  /** The file's name without its extension, for the names of results. */
  readonly stem: string;
  /** Batch first, in the model's own layout. */
  readonly input: Tensor;
  /** The photo, upright and whole; undefined for a tensor. */
  readonly photo: Image | undefined;
}

/** Reads a picture. A `.npy` file may hold a batch; its batch axis may be left out. @throws {MISSING_FILE} @throws {BAD_IMAGE} @throws {BAD_NPY} */
export async function readPicture(model: Model, path: string): Promise<ModelPicture> {
  const bytes = await readWhole(path);
  const stem = basename(path, extname(path));
  if (extname(path).toLowerCase() === ".npy") return { path, stem, input: withBatch(readTensor(bytes, path), model), photo: undefined };
  const photo = await decodeImage(bytes, path);
  return { path, stem, input: await prepareImage(model, photo), photo };
}

/** The items of a batch as pictures of their own: `x-0`, `x-1` … */
function splitBatch(picture: ModelPicture): ModelPicture[] {
  const { input, stem } = picture;
  const count = input.shape[0] as number;
  if (count === 1) return [picture];
  return Array.from({ length: count }, (_, i) => {
    const item = itemAt(input, i);
    return { ...picture, stem: `${stem}-${i}`, input: reshape(item, [1, ...item.shape]) };
  });
}

/** Reads the pictures one after the other and calls `work` for each item of each, with a progress bar over the files. */
export async function forEachPicture<O extends object>(
  job: Job<O>,
  title: string,
  model: Model,
  paths: readonly string[],
  work: (picture: ModelPicture) => Promise<void>,
): Promise<void> {
  const bar = job.progress(title);
  for (const [i, path] of paths.entries()) {
    for (const picture of splitBatch(await readPicture(model, path))) await work(picture);
    bar.update(i + 1, paths.length);
  }
  bar.end();
}

function withBatch(input: Tensor, model: Model): Tensor {
  return input.shape.length === model.input.shape.length - 1 ? reshape(input, [1, ...input.shape]) : input;
}

/** Says which file it was if it cannot be read. @throws {BAD_NPY} */
function readTensor(bytes: Uint8Array, path: string): Tensor {
  try {
    return readNpy(bytes);
  } catch (error) {
    if (!isPellucidError(error)) throw error;
    throw new PellucidError(error.code, `${path}: ${error.message}`, { hint: error.hint, details: { ...error.details, path }, cause: error });
  }
}
