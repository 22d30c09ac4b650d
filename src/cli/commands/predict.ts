// pellucid predict: the classes that a model sees in pictures.

import { type Command, Option } from "commander";
import { float32, type Model, type Prediction, predict, writeNpy } from "pellucid";
import type { Job, Report } from "../job.ts";
import { addCommonOptions, addExamples, addPictureOptions, addReportOptions, MODEL, PICTURE, type PictureOptions, type RawOptions } from "../options.ts";
import { forEachPicture, type ModelPicture } from "../read-picture.ts";
import type { Run } from "../run.ts";
import { saveReport } from "../save-report.ts";
import { formatTable } from "../table.ts";
import { wholeNumber } from "../values.ts";
import { withModel } from "../with-model.ts";

interface Options extends PictureOptions, RawOptions {
  top: number;
}

interface PicturePredictions {
  readonly image: string;
  readonly classes: readonly Prediction[];
  /** The scores of all classes, in the model's order. */
  readonly raw?: string;
}

export function addPredict(program: Command, run: Run): void {
  const command = program
    .command("predict")
    .description("print the classes that a model sees in pictures")
    .argument("<model>", MODEL)
    .argument("<image...>", PICTURE)
    .option("--npy", "save the scores of all classes too, a file for each picture (to out, where --out names no folder)")
    .addOption(new Option("--top <n>", "how many classes to print").argParser(wholeNumber(1)).default(5));
  addExamples(
    addPictureOptions(addReportOptions(addCommonOptions(command))),
    "pellucid predict network.keras cat.jpg dog.jpg --top 3",
    "pellucid predict vgg16.h5 cat.jpg --preprocess caffe --labels imagenet_class_index.json",
    "pellucid predict model.onnx input.npy --json",
  ).action(run<Options, [string, string[]]>((job, path, images) => withModel(job, path, (model) => predictAll(job, model, path, images))));
}

async function predictAll(job: Job<Options>, model: Model, path: string, images: readonly string[]): Promise<Report> {
  const predictions: PicturePredictions[] = [];
  await forEachPicture(job, "predict", model, images, async (picture) => void predictions.push(await predictOne(job, model, picture)));
  return saveReport(job, "predictions.json", { json: { model: path, predictions }, text: predictions.map(describe).join("\n\n") });
}

async function predictOne(job: Job<Options>, model: Model, picture: ModelPicture): Promise<PicturePredictions> {
  const [all = []] = await predict(model, picture.input, { signal: job.signal });
  const classes = all.slice(0, job.options.top);
  if (!all.every(({ score }) => Number.isFinite(score))) job.note(`warning: ${picture.path}: not all scores are finite numbers.`);
  if (!job.options.npy) return { image: picture.path, classes };
  const scores = [...all].sort((a, b) => a.index - b.index).map(({ score }) => score);
  const name = `${job.folder.stem(picture.stem, "predictions")}.npy`;
  return { image: picture.path, classes, raw: await job.folder.save(name, writeNpy(float32([1, scores.length], scores))) };
}

function describe({ image, classes, raw }: PicturePredictions): string {
  const rows = classes.map(({ index, label, score }) => [score.toFixed(4), String(index), label]);
  const table = formatTable([{ title: "score", right: true }, { title: "index", right: true }, { title: "class" }], rows);
  return [image, table, ...(raw ? [raw] : [])].join("\n");
}
