// Opens what people have: a model file, a folder, a URL, dropped files, bytes.

import { fail } from "./errors.ts";
import { type Preprocessing, type PresetName, presets } from "./image/preprocess.ts";
import type { ResizePolicy } from "./image/window.ts";
import { parseLabels } from "./labels.ts";
import { type LoadOptions, loadModel } from "./load-model.ts";
import { Model } from "./model.ts";
import type { Device, ModelInputSource } from "./platform/types.ts";
import { synsetsOf } from "./zoo/imagenet.ts";

export interface OpenOptions extends Omit<LoadOptions, "size"> {
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
  /** Height and width of pictures, for models that leave them open. Default for networks of the zoo: as they were trained. */
  size?: number | readonly [number, number];
}

/**
 * Opens a model: ONNX, Keras `.h5` or `.keras`, TensorFlow.js; or a network of the zoo by its name, whose official weights are
 * downloaded into the user's cache when they are first needed (see `pull`). Weights are not read: ONNX Runtime maps them from the file.
 *
 * @throws {BAD_ARGUMENT} @throws {MISSING_FILE} @throws {UNKNOWN_FORMAT} @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} @throws {UNSUPPORTED_OPERATOR}
 * @throws {NETWORK} @throws {BAD_DOWNLOAD} @throws {WRITE_FAILED} @throws {ABORTED} where weights are downloaded
 * @example
 * const vgg16 = await openModel("vgg16");
 * const model = await openModel("cats.onnx", { preprocess: "torch", labels: ["cat", "dog"] });
 */
export async function openModel(input: ModelInputSource, options: OpenOptions = {}): Promise<Model> {
  if (!input) fail("BAD_ARGUMENT", "No model was given.", { hint: "Give a path, a URL, a network's name, bytes, or files." });
  const { device, threads, preprocess, resize, labels, ...load } = options;
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  const { loaded, size: usual } = await loadModel(input, { ...load, size });
  const names = typeof labels === "string" ? parseLabels(labels) : labels;
  return new Model(loaded, {
    preprocessing: choosePreprocessing(preprocess ?? loaded.preprocessing?.preset, resize),
    labels: names,
    synsets: await synsetsOf(names ?? loaded.labels),
    device,
    threads,
    size: size ?? usual,
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
