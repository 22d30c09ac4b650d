// pellucid gradient: the gradient of one number of a model, as a .npy file.

import { type Command, Option } from "commander";
import { formatShape, type Model, modelGradient, writeNpy } from "pellucid";
import type { Job, Report } from "../job.ts";
import { addCommonOptions, addExamples, addPictureOptions, addTopOption, MODEL, PICTURE, type PictureOptions } from "../options.ts";
import { readPicture } from "../read-picture.ts";
import type { Run } from "../run.ts";
import { outputAndIndex } from "../values.ts";
import { withModel } from "../with-model.ts";
import { writeWhole } from "../write-file.ts";

interface Options extends PictureOptions {
  out: string;
  input: string;
  of: { output: string; index: number };
  wrt?: string;
}

export function addGradient(program: Command, run: Run): void {
  const command = program
    .command("gradient")
    .description("save the gradient of one number of a model with respect to its input or a layer")
    .argument("<model>", MODEL)
    .requiredOption("--input <file>", `what to show to the model: a ${PICTURE}`)
    .addOption(
      new Option("--of <output:index>", "the number: an output, layer or tensor, and a position in it, in the model's own layout")
        .argParser(outputAndIndex)
        .makeOptionMandatory(),
    )
    .option("--wrt <name>", "an input, layer or tensor (default: the input that takes pictures)")
    .requiredOption("--out <file>", "the .npy file to write: batch first, in the model's own layout")
    .option("--npy", "as in other commands: the result is a .npy file anyway");
  addExamples(
    addTopOption(addPictureOptions(addCommonOptions(command))),
    "pellucid gradient model.keras --input x.npy --of predictions:3 --out saliency.npy",
    "pellucid gradient vgg16.h5 --input cat.jpg --preprocess caffe --of predictions:281 --wrt block5_conv3 --out g.npy",
  ).action(run<Options, [string]>((job, path) => withModel(job, path, (model) => saveGradient(job, model))));
}

async function saveGradient({ options, signal }: Job<Options>, model: Model): Promise<Report> {
  const { of, wrt = model.input.name, out } = options;
  const { input } = await readPicture(model, options.input);
  const gradient = await modelGradient(model, input, { of: of.output, index: of.index, wrt, signal });
  await writeWhole(out, writeNpy(gradient));
  const { shape, dtype } = gradient;
  return { json: { file: out, of: of.output, index: of.index, wrt, shape, dtype }, text: `${out}  ${dtype} ${formatShape(shape)}` };
}
