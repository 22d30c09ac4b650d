// pellucid summary: what is in a model file.

import type { Command } from "commander";
import { formatShape, type Model } from "pellucid";
import type { Job, Report } from "../job.ts";
import {
  addCommonOptions,
  addExamples,
  addIdleNpyOption,
  addPictureOptions,
  addReportOptions,
  addTopOption,
  MODEL,
  type PictureOptions,
  type RawOptions,
} from "../options.ts";
import type { Run } from "../run.ts";
import { saveReport } from "../save-report.ts";
import { formatCount, formatTable } from "../table.ts";
import { withModel } from "../with-model.ts";

type Options = PictureOptions & RawOptions;

export function addSummary(program: Command, run: Run): void {
  const command = program.command("summary").description("print a model's inputs, layers, shapes and parameters").argument("<model>", MODEL);
  addExamples(
    addTopOption(addPictureOptions(addIdleNpyOption(addReportOptions(addCommonOptions(command))))),
    "pellucid summary vgg16.h5",
    "pellucid summary model.onnx --json | jq -r '.layers[].name'",
  ).action(run<Options, [string]>((job, path) => withModel(job, path, (model) => summarize(job, model, path))));
}

async function summarize(job: Job<Options>, model: Model, path: string): Promise<Report> {
  if (job.options.npy) job.note("--npy: a summary has no numbers to save.");
  return saveReport(job, "summary.json", describe(model, path));
}

function describe(model: Model, path: string): Report {
  const { loaded, layers, preprocessing, labels } = model;
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const json = {
    model: path,
    name: loaded.name,
    format: loaded.format,
    producer: loaded.producer,
    inputs: loaded.inputs.map(({ name, dtype, shape, layout }) => ({ name, dtype, shape, layout })),
    outputs: loaded.outputs,
    preprocessing: preprocessing ?? null,
    preprocessingReason: reasonOf(model),
    labels: labels ?? null,
    parameters,
    layers: layers.map(({ name, kind, shape, parameters, inputs }) => ({ name, kind, shape, parameters, inputs })),
  };
  return { json, text: [heading(model, parameters), layerTable(model)].join("\n\n") };
}

function heading(model: Model, parameters: number): string {
  const { loaded, labels } = model;
  const lines: [string, string][] = [
    ["model", [loaded.name, `(${loaded.format}${loaded.producer ? `, ${loaded.producer}` : ""})`].join(" ")],
    ...loaded.inputs.map((input): [string, string] => ["input", `${input.name}  ${input.dtype} ${formatShape(input.shape)} ${input.layout ?? ""}`.trimEnd()]),
    ["output", loaded.outputs.join(", ")],
    ["pixels", pixels(model)],
    ["classes", labels ? `${labels.length}: ${labels.slice(0, 6).join(", ")}${labels.length > 6 ? " …" : ""}` : "no names (--labels)"],
    ["parameters", formatCount(parameters)],
  ];
  return lines.map(([title, value]) => `${title.padEnd(12)}${value}`).join("\n");
}

function pixels(model: Model): string {
  const { preprocessing } = model;
  return preprocessing ? `${preprocessing.preset} (${reasonOf(model)})` : "not said by the model: give --preprocess with pictures";
}

/** Where the preprocessing is known from. */
function reasonOf({ loaded, preprocessing }: Model): string | undefined {
  if (!preprocessing) return undefined;
  return loaded.preprocessing?.preset === preprocessing.preset ? loaded.preprocessing.reason : "--preprocess";
}

function layerTable(model: Model): string {
  const columns = [{ title: "layer" }, { title: "kind" }, { title: "output shape" }, { title: "parameters", right: true } as const];
  return formatTable(
    columns,
    model.layers.map(({ name, kind, shape, parameters }) => [name, kind, formatShape(shape), formatCount(parameters)]),
  );
}
