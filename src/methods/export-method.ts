// A model and its explanation as one standard ONNX file, to run in plain ONNX Runtime from any language.

import { fail } from "../errors.ts";
import { encodeOnnx } from "../graph/encode.ts";
import { subgraph } from "../graph/subgraph.ts";
import { type Graph, weightBytes } from "../graph/types.ts";
import type { Model, ModelAt } from "../model.ts";
import { cpuFeatures } from "../ops/define.ts";
import { GraphWriter } from "../ops/writer.ts";
import { readWeights } from "../runtime/weights.ts";
import { checkChoice } from "./check-choice.ts";
import { type GradCamOptions, type GradCamPlan, indexOf, planGradCam } from "./grad-cam.ts";
import { writeGradCam } from "./grad-cam-graph.ts";
import { takePixels } from "./pixel-input.ts";
import { pixelInput } from "./prepare-image.ts";
import type { Target } from "./target.ts";

export interface ExportOptions extends Pick<GradCamOptions, "layer" | "score" | "output" | "relu" | "channels" | "normalize"> {
  method: "grad-cam";
  /**
   * The class to explain: an index or name that is fixed in the file, or `input`: an int64 input `target` `[N]`, in which
   * −1 stands for the top prediction. Default: the top prediction, without a further input.
   */
  target?: Target | "input";
  /**
   * What the file takes: `pixels`, RGB values of 0..255 as float32, which it preprocesses itself; or `tensor`, the model's own
   * input. Default: `pixels` where the preprocessing is known, see `openModel`.
   */
  takes?: "pixels" | "tensor";
  /** Pictures a run, fixed in the file. Default: 1. */
  batch?: number;
  /** Height and width of the pictures, for models that leave them open. */
  size?: readonly [number, number];
}

/** A protobuf message holds 2 GiB at most. */
const LARGEST = 2 ** 31 - 2 ** 20;

/**
 * The bytes of an `.onnx` file, weights inside. Inputs: `pixels` in the model's layout and size, or the model's own (and `target`). Outputs: the model's own, then
 * `cam` (the map at the layer's resolution, `[N, h, w]`), `heatmap` (the same at the input's, `[N, H, W]`, half-pixel
 * bilinear; for pictures only) and `class` (int64 `[N]`).
 *
 * @throws {UNKNOWN_LAYER} @throws {UNKNOWN_TARGET} @throws {NO_GRADIENT} @throws {PREPROCESS_NEEDED} for `pixels` without a preprocessing
 * @throws {BAD_ARGUMENT} if it would be over 2 GiB
 * @example
 * await writeFile("vgg16-cam.onnx", await exportMethod(model, { method: "grad-cam" }));
 */
export async function exportMethod(model: Model, options: ExportOptions): Promise<Uint8Array> {
  if (options.method !== "grad-cam") {
    fail("BAD_ARGUMENT", `The method "${options.method as string}" cannot be exported.`, { hint: "Use grad-cam." });
  }
  const own = model.at({ batch: options.batch, size: options.size });
  const takes = checkChoice("takes", options.takes ?? (model.preprocessing && model.input.layout ? "pixels" : "tensor"), ["pixels", "tensor"]);
  const at = takes === "pixels" ? takePixels(own, model.input.name, pixelInput(model)) : own;
  const plan = planGradCam(model, at, options);
  const graph = gradCamFile(model, at, plan, options.target);
  checkSize(graph);
  const { rule, layer, score } = plan;
  return encodeOnnx(await readWeights(graph), {
    metadata: {
      ...(model.labels ? { labels: JSON.stringify(model.labels) } : {}),
      "pellucid.takes": takes,
      "pellucid.method": options.method,
      "pellucid.layer": layer.name,
      "pellucid.score": score.kind,
      "pellucid.rule": JSON.stringify(rule),
    },
  });
}

/** The graph of the file: everything that the model computes, and Grad-CAM behind it. */
function gradCamFile(model: Model, at: ModelAt, { layer, score, rule }: GradCamPlan, target: ExportOptions["target"]): Graph {
  const writer = new GraphWriter(at.graph, at.infos);
  const batch = score.shape[0] as number;
  const targets =
    target === "input" ? writer.input("target", "int64", [batch]) : writer.constant("int64", [batch], new Array(batch).fill(indexOf(model, score, target)));
  const { map, chosen } = writeGradCam(writer, layer, score, targets, rule, cpuFeatures);
  const named = (tensor: string, name: string) => writer.emit("Identity", [tensor], {}, name);
  const heatmap = resizeToInput(writer, model, map);
  const whole = writer.finish([
    ...at.graph.outputs.map((output) => output.name),
    named(map, "cam"),
    ...(heatmap ? [named(heatmap, "heatmap")] : []),
    named(chosen, "class"),
  ]);
  return subgraph(whole, whole.outputs);
}

/** The map at the picture's size, as `render` enlarges it: bilinear, pixel centres at half. */
function resizeToInput(writer: GraphWriter, { input }: Model, map: string): string | undefined {
  const [n, ...from] = writer.shape(map) as [number, ...number[]];
  const picture = writer.shape(input.name);
  if (!input.layout || from.length !== 2) return undefined;
  const to = input.layout === "NCHW" ? picture.slice(2) : picture.slice(1, 3);
  const sizes = writer.ints([n, 1, ...to]);
  const attrs = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
  return writer.reshape(writer.emit("Resize", [writer.reshape(map, [n, 1, ...from]), "", "", sizes], attrs), [n, ...to]);
}

/** @throws {BAD_ARGUMENT} if the weights are too many for one file */
function checkSize(graph: Graph): void {
  const bytes = [...graph.initializers.values()].reduce((sum, weight) => sum + weightBytes(weight), 0);
  if (bytes <= LARGEST) return;
  fail("BAD_ARGUMENT", `The model's weights take ${(bytes / 2 ** 30).toFixed(1)} GiB; an ONNX file holds 2 GiB.`, { details: { bytes } });
}
