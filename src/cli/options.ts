// Options that commands share. The same option has the same name and meaning everywhere.

import { type Command, Option } from "commander";
import { type Device, devices, type PresetName, presets, type ResizePolicy } from "pellucid";
import { pictureSize, wholeNumber } from "./values.ts";

/** Options of every command. */
export interface CommonOptions {
  /** Folder for results; the file itself for commands that write one. */
  out?: string;
  json?: true;
  quiet?: true;
  debug?: true;
  device: Device;
  threads?: number;
}

/** What the model is, how pictures become inputs, and what the classes are called. */
export interface PictureOptions {
  labels?: string;
  preprocess?: PresetName;
  resize?: ResizePolicy;
  inputSize?: [number, number];
  architecture?: string;
  /** False with --no-top. A number where it is the option of `predict` that is called so. */
  top?: boolean | number;
}

export interface RawOptions {
  npy?: true;
}

export function addCommonOptions(command: Command): Command {
  return addOutputOptions(
    command
      .addOption(new Option("--device <name>", "where the model runs").choices(devices).default("cpu"))
      .addOption(new Option("--threads <n>", "threads within an operator (default: one a physical core)").argParser(wholeNumber(1))),
  );
}

/** For commands that run no model: how results and errors are told. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("--json", "print the result as JSON on stdout, and nothing else there")
    .option("--quiet", "print no messages and no progress bar")
    .option("--debug", "print stack traces of errors");
}

/** For commands that work without the layers that name classes. */
export function addTopOption(command: Command): Command {
  return command.option("--no-top", "of a known network, leave out the dense layers: a smaller download, and pictures of any size");
}

/** For commands that print their result and save it only where they are told to. */
export function addReportOptions(command: Command): Command {
  return command.option("--out <dir>", "folder to save the result in too, as JSON; made if it is not there");
}

/** For commands without raw numbers: --npy is taken, so that a script may pass the same options to all; they say that it does nothing. */
export function addIdleNpyOption(command: Command): Command {
  return command.addOption(new Option("--npy").hideHelp());
}

/** For commands that save pictures or raw numbers. */
export function addFolderOptions(command: Command): Command {
  return command
    .option("--out <dir>", "folder for the results; made if it is not there", "out")
    .option("--npy", "save the raw numbers too: same stem as the picture, in the model's own layout");
}

export function addPictureOptions(command: Command): Command {
  return command
    .addOption(new Option("--preprocess <preset>", "how pixels become the input, where the model does not say it").choices(Object.keys(presets)))
    .addOption(new Option("--resize <policy>", "how a picture of another shape is fitted (default: squash)").choices(["squash", "crop", "pad"]))
    .addOption(new Option("--input-size <n>", "picture size, for models that leave it open: 224, or height x width").argParser(pictureSize))
    .option("--labels <file>", "class names: one a line, or JSON")
    .option("--architecture <name>", "what weights without an architecture belong to: a known network, or the JSON file of model.to_json()");
}

/** Examples below a command's options. */
export function addExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText("after", ["", "Examples:", ...examples.map((line) => `  ${line}`)].join("\n"));
}

export const MODEL = "model file: .onnx, .keras, .h5, or a TensorFlow.js model.json; or a known network: vgg16 (see: pellucid models)";
export const NETWORK = "a known network: vgg16, resnet50v2, mobilenetv2-0.35-96 … (see: pellucid models)";
export const PICTURE = "PNG or JPEG file; or .npy: the input tensor itself, taken as it is";
