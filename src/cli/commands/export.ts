// pellucid export: a model with its explanation inside, as one .onnx file.

import { type Command, Option } from "commander";
import { type ExportOptions, exportMethod, type Model } from "pellucid";
import type { Job, Report } from "../job.ts";
import { addCommonOptions, addExamples, addIdleNpyOption, addPictureOptions, addTopOption, MODEL, type PictureOptions, type RawOptions } from "../options.ts";
import type { Run } from "../run.ts";
import { formatCount } from "../table.ts";
import { wholeNumber } from "../values.ts";
import { withModel } from "../with-model.ts";
import { writeWhole } from "../write-file.ts";

interface Options extends PictureOptions, RawOptions, Pick<ExportOptions, "method" | "layer" | "target" | "score" | "takes" | "batch"> {
  out: string;
}

export function addExport(program: Command, run: Run): void {
  const command = program
    .command("export")
    .description("save a model with its explanation inside as one .onnx file that runs without Pellucid")
    .argument("<model>", MODEL)
    .addOption(new Option("--method <name>", "the explanation").choices(["grad-cam"]).makeOptionMandatory())
    .option("--layer <name>", "the layer that the heatmap is drawn from (default: the last convolution)")
    .option("--target <class>", "the class to explain: index or name, or `input` for an input of its own (default: the top prediction)")
    .addOption(new Option("--score <kind>", "explain what the model gives, or the value before its softmax").choices(["output", "logit"]))
    .addOption(
      new Option(
        "--takes <kind>",
        "what the file takes: pixels of 0 to 255, or the model's own input (default: pixels, where the preprocessing is known)",
      ).choices(["pixels", "tensor"]),
    )
    .addOption(new Option("--batch <n>", "pictures a run, fixed in the file").argParser(wholeNumber(1)).default(1))
    .requiredOption("--out <file>", "the .onnx file to write");
  addExamples(
    addTopOption(addPictureOptions(addIdleNpyOption(addCommonOptions(command)))),
    "pellucid export vgg16.h5 --method grad-cam --out vgg16-cam.onnx",
    "pellucid export model.onnx --method grad-cam --preprocess torch --target input --out model-cam.onnx",
  ).action(run<Options, [string]>((job, path) => withModel(job, path, (model) => saveExport(job, model))));
}

async function saveExport({ options, note }: Job<Options>, model: Model): Promise<Report> {
  const { method, layer, target, score, takes, batch, inputSize, out, npy } = options;
  if (npy) note("--npy: the model is all that export saves.");
  if (!takes && !model.preprocessing) note("The file takes the model's own input. With --preprocess it takes pixels of 0 to 255.");
  const bytes = await exportMethod(model, { method, layer, target, score, takes, batch, size: inputSize });
  await writeWhole(out, bytes);
  return { json: { file: out, method, bytes: bytes.length }, text: `${out}  ${formatCount(bytes.length)} bytes` };
}
