// The command line as a whole.

import { Command } from "commander";
import { addActivations } from "./commands/activations.ts";
import { addCam } from "./commands/cam.ts";
import { addDemo } from "./commands/demo.ts";
import { addExport } from "./commands/export.ts";
import { addFilters } from "./commands/filters.ts";
import { addGradient } from "./commands/gradient.ts";
import { addModels } from "./commands/models.ts";
import { addPredict } from "./commands/predict.ts";
import { addPull } from "./commands/pull.ts";
import { addStudio } from "./commands/studio.ts";
import { addSummary } from "./commands/summary.ts";
import { packageVersion } from "./package-version.ts";
import { runner } from "./run.ts";

const commands = [addSummary, addPredict, addActivations, addFilters, addCam, addGradient, addExport, addModels, addPull, addDemo, addStudio];

const description = `See what a convolutional network has learned: activations, filters, class activation heatmaps.
Opens ONNX, Keras and TensorFlow.js models and runs them on ONNX Runtime.`;

/** All of `pellucid`. @param signal aborted by Ctrl-C */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command("pellucid")
    .description(description)
    .version(packageVersion, "-V, --version", "print the version")
    .helpCommand("help [command]", "print a command's help")
    .addHelpText("after", `\nExample:\n  pellucid cam model.keras photo.jpg --target "tabby cat"`)
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  const run = runner(signal);
  for (const add of commands) add(program, run);
  return program;
}
