// Files that people give by mistake: what they are, and what to do with them.

import { firstEntry, type Peek } from "./peek.ts";

/** A kind of file that is no model that Pellucid reads. */
export interface Foreign {
  readonly what: string;
  readonly hint: string;
}

interface Kind extends Foreign {
  matches(file: Peek): boolean;
}

const exportTorch = 'Export the model from PyTorch: torch.onnx.export(model, example_input, "model.onnx").';
const exportTensorFlow = "Load it in TensorFlow and save it as .keras or .h5, or convert it with tf2onnx.";
const modelFirst = "Give the model first, then the picture.";
const unpack = "Unpack it and give the model file inside.";

export const savedModel: Foreign = { what: "a TensorFlow SavedModel folder", hint: exportTensorFlow };
export const emptyFolder: Foreign = { what: "a folder without a model", hint: "Give the model's file itself." };

/** Kinds that their first bytes give away. */
const byBytes: readonly Kind[] = [
  { what: "an empty file", hint: "Get the file again.", matches: ({ byteLength }) => byteLength === 0 },
  {
    what: "a Git LFS pointer, a few lines of text that stand for the real file",
    hint: "Run `git lfs pull`, or download the file itself.",
    matches: begins("version https://git-lfs"),
  },
  {
    what: "a web page",
    hint: "The download gave a page instead of the file: follow its link to the file itself.",
    matches: ({ text }) => /^\s*<(!doctype html|html)/i.test(text),
  },
  { what: "a PyTorch checkpoint", hint: exportTorch, matches: (file) => isTorchEntry(firstEntry(file) ?? "") },
  { what: "a pickled PyTorch checkpoint", hint: exportTorch, matches: ({ head }) => head[0] === 0x80 && (head[1] as number) <= 5 },
  { what: "a NumPy archive (.npz)", hint: "It holds arrays, not a model.", matches: (file) => firstEntry(file)?.endsWith(".npy") === true },
  { what: "a NumPy array (.npy)", hint: "It is an array, not a model; it can be given in place of a picture.", matches: begins("\x93NUMPY") },
  { what: "a TensorFlow Lite model", hint: "Give the Keras model that it was made from, or convert it with tf2onnx --tflite.", matches: marked("TFL3") },
  { what: "a model in ONNX Runtime's own format (.ort)", hint: "Give the .onnx file that it was made from.", matches: marked("ORTM") },
  { what: "a safetensors file, weights without a network", hint: exportTorch, matches: ({ head, text }) => text[8] === "{" && head[6] === 0 && head[7] === 0 },
  { what: "a language model (GGUF)", hint: "Pellucid is for image models.", matches: begins("GGUF") },
  { what: "a JPEG picture", hint: modelFirst, matches: begins("\xff\xd8\xff") },
  { what: "a PNG picture", hint: modelFirst, matches: begins("\x89PNG") },
  { what: "a picture", hint: modelFirst, matches: begins("GIF8", "RIFF") },
  { what: "a gzip archive", hint: unpack, matches: begins("\x1f\x8b") },
  { what: "an archive", hint: unpack, matches: begins("7z\xbc\xaf", "Rar!", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd") },
  { what: "a tar archive", hint: unpack, matches: ({ text }) => text.slice(257, 262) === "ustar" },
  { what: "an OpenVINO model", hint: "Give the model that it was made from.", matches: ({ text }) => text.startsWith("<?xml") && text.includes("<net ") },
];

/** Kinds that only their name tells. */
const byName: readonly Kind[] = [
  { what: "a PyTorch checkpoint", hint: exportTorch, matches: named(/\.(pt|pth|bin|ckpt|pkl)$/i) },
  { what: "a TensorFlow graph", hint: exportTensorFlow, matches: named(/\.pb(txt)?$/i) },
  { what: "a TensorFlow checkpoint", hint: exportTensorFlow, matches: named(/\.(index|meta|data-\d+-of-\d+)$/i) },
  { what: "a Core ML model", hint: "Give the model that it was made from.", matches: named(/\.mlmodel$/i) },
  { what: "a Caffe model", hint: "Convert it to ONNX.", matches: named(/\.(caffemodel|prototxt)$/i) },
  { what: "a Darknet model", hint: "Convert it to ONNX.", matches: named(/\.(weights|cfg)$/i) },
  { what: "a MATLAB file", hint: "Export the network with exportONNXNetwork.", matches: named(/\.mat$/i) },
];

/** What a file certainly is, if it is certainly no model that Pellucid reads. */
export function foreignByBytes(file: Peek): Foreign | undefined {
  return byBytes.find((kind) => kind.matches(file));
}

/** What a file that no reader knows may be, by its name. */
export function foreignByName(file: Peek): Foreign | undefined {
  return byName.find((kind) => kind.matches(file));
}

function begins(...signatures: readonly string[]): Kind["matches"] {
  return ({ text }) => signatures.some((signature) => text.startsWith(signature));
}

/** FlatBuffers carry their mark behind the first offset. */
function marked(mark: string): Kind["matches"] {
  return ({ text }) => text.slice(4, 8) === mark;
}

function named(pattern: RegExp): Kind["matches"] {
  return ({ name }) => pattern.test(name);
}

/** torch.save writes a zip file with one folder: `archive/data.pkl`. */
function isTorchEntry(entry: string): boolean {
  return /^[^/]+\/(data\.pkl|data\/|version|\.format_version|\.storage_alignment|byteorder|constants\.pkl|code\/)/.test(entry);
}
