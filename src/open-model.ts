// Opens what people have: a model file, a folder, a URL, dropped files, bytes.

import { openInput } from "#platform";
import { fail } from "./errors.ts";
import { readModel } from "./formats/read-model.ts";
import { type Preprocessing, type PresetName, presets } from "./image/preprocess.ts";
import type { ResizePolicy } from "./image/window.ts";
import { parseLabels } from "./labels.ts";
import { Model } from "./model.ts";
import type { Device, ModelInputSource } from "./platform/types.ts";

export interface OpenOptions {
  /** How pictures become inputs: a preset or a scaling of your own. Default: what the model itself says. */
  preprocess?: PresetName | Preprocessing;
  /** How pictures of another shape are fitted. Default: `squash`. */
  resize?: ResizePolicy;
  /** Class names: a list, or the content of a file, see `parseLabels`. Default: those that the model carries. */
  labels?: readonly string[] | string;
  /** Where it runs. Default: `cpu` (native in Node, wasm in browsers). */
  device?: Device;
  /** Threads within an operator. Default: one a physical core. */
  threads?: number;
  /** Height and width of pictures, for models that leave them open. */
  size?: number | readonly [number, number];
}

/**
 * Opens a model: ONNX, Keras `.h5` or `.keras`, TensorFlow.js. Weights are not read: ONNX Runtime maps them from the file.
 *
 * @throws {MISSING_FILE} @throws {UNKNOWN_FORMAT} @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {UNSUPPORTED_OPERATOR}
 * @example
 * const model = await openModel("vgg16.h5", { preprocess: "caffe", labels: await readFile("imagenet.json", "utf8") });
 */
export async function openModel(input: ModelInputSource, options: OpenOptions = {}): Promise<Model> {
  const { device, threads, size } = options;
  const loaded = await readModel(await openInput(input));
  return new Model(loaded, {
    preprocessing: choosePreprocessing(options.preprocess ?? loaded.preprocessing?.preset, options.resize),
    labels: typeof options.labels === "string" ? parseLabels(options.labels) : options.labels,
    device,
    threads,
    size: typeof size === "number" ? [size, size] : size,
  });
}

function choosePreprocessing(asked: PresetName | Preprocessing | undefined, resize: ResizePolicy | undefined): Preprocessing | undefined {
  if (asked === undefined) return undefined;
  const preprocessing: Preprocessing = typeof asked === "string" ? { preset: asked } : asked;
  if (!Object.hasOwn(presets, preprocessing.preset)) {
    fail("BAD_ARGUMENT", `There is no preprocessing "${preprocessing.preset}".`, { hint: `Use one of: ${Object.keys(presets).join(", ")}.` });
  }
  return resize ? { ...preprocessing, resize } : preprocessing;
}
