// Grad-CAM: where in the picture a class was seen.
// Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization".

import { checkAborted, fail } from "../errors.ts";
import type { Layer } from "../formats/loaded-model.ts";
import { dependencies, subgraph } from "../graph/subgraph.ts";
import type { Graph } from "../graph/types.ts";
import type { Model, ModelAt } from "../model.ts";
import { GraphWriter } from "../ops/writer.ts";
import { int64, itemAt, type Tensor, toFloat32, toNumbers, zeros } from "../tensor/tensor.ts";
import { lastFeatureMap } from "./cam-layer.ts";
import { checkChoice } from "./check-choice.ts";
import { BEST } from "./class-selection.ts";
import { featuresOf } from "./features.ts";
import { type ModelFeed, prepareFeed } from "./feeds.ts";
import { type CamRule, writeGradCam } from "./grad-cam-graph.ts";
import { classIndex, labelOf, type Score, type ScoreKind, scoreOf, type Target } from "./target.ts";

export interface GradCamOptions extends Partial<CamRule> {
  /** The class to explain, by index or name; several for several maps of each picture. Default: the top prediction. */
  target?: Target | readonly Target[];
  /** The layer whose output is weighted. Default: the last convolutional feature map, see `lastFeatureMap`. */
  layer?: string;
  /** Which number is differentiated: what the model gives (`output`), or the value before its softmax or sigmoid (`logit`). Default: `output`. */
  score?: ScoreKind;
  /** Which output of the model holds the classes. */
  output?: string;
  signal?: AbortSignal;
  /** Called after each target. */
  onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Where one class was seen in one picture. */
export interface Heatmap {
  /** Index of the picture in the batch. */
  readonly image: number;
  readonly layer: string;
  readonly target: { readonly index: number; readonly label: string };
  /** The class's value, before or after the softmax as `score` says. */
  readonly score: number;
  /** The map at the layer's own resolution, `[H, W]`; 0..1 unless told otherwise. */
  readonly map: Tensor<"float32">;
  /** Whether the map is zero everywhere. */
  readonly blank: boolean;
  /** Why the map is blank or not to be trusted. */
  readonly warning: string | undefined;
}

/** Probabilities above this have lost most digits of 1 − p, and with them their gradient. */
const SATURATED = 1 - 1e-5;

/**
 * Grad-CAM heatmaps, for each target and picture; pictures in the inner order. By default as in Keras's chapter: gradient
 * of the probability, mean over channels, ReLU, divided by the maximum. PyTorch's tools use `score: "logit"`.
 *
 * @throws {BAD_ARGUMENT} @throws {UNKNOWN_LAYER} @throws {UNKNOWN_TARGET} @throws {SHAPE_MISMATCH} @throws {NO_GRADIENT} @throws {ABORTED}
 * @example
 * const [heatmap] = await gradCam(model, image, { target: "African elephant" });
 */
export async function gradCam(model: Model, input: ModelFeed, options: GradCamOptions = {}): Promise<Heatmap[]> {
  const { target, signal, onProgress } = options;
  const { feeds, shapes, batch } = prepareFeed(model, input);
  const at = model.atShapes(shapes);
  const plan = planGradCam(model, at, options);
  const targets = (Array.isArray(target) ? target : [target]).map((t: Target | undefined) => indexOf(model, plan.score, t));
  const key = `grad-cam ${JSON.stringify([shapes, plan.layer.output, plan.score.tensor, plan.rule])}`;
  const { session, release } = await model.session(key, () => gradCamGraph(model, at, plan));
  try {
    const heatmaps: Heatmap[] = [];
    for (const [i, index] of targets.entries()) {
      checkAborted(signal);
      const asked = { [session.inputs.at(-1) as string]: int64([batch], new Array(batch).fill(index)) };
      const results = await session.run({ ...feeds, ...asked }, { signal });
      heatmaps.push(
        ...readHeatmaps(
          model,
          plan,
          session.outputs.map((name) => results[name] as Tensor),
        ),
      );
      onProgress?.({ done: i + 1, total: targets.length });
    }
    return heatmaps;
  } finally {
    await release();
  }
}

/** What a call of Grad-CAM has decided on. */
export interface GradCamPlan {
  readonly layer: Layer;
  readonly score: Score;
  readonly rule: CamRule;
}

/** Fills in the defaults. @throws {BAD_ARGUMENT} @throws {UNKNOWN_LAYER} @throws {UNKNOWN_TARGET} */
export function planGradCam(model: Model, at: ModelAt, options: GradCamOptions): GradCamPlan {
  const { relu = true, channels = "mean", normalize = "max" } = options;
  checkChoice("channels", channels, ["mean", "sum"]);
  checkChoice("normalize", normalize, ["max", "minmax", "none"]);
  const score = scoreOf(model, at, checkChoice("score", options.score ?? "output", ["output", "logit"]), options.output);
  const layer = options.layer === undefined ? lastFeatureMap(at, score.tensor) : leadingLayer(model.layer(options.layer), at, score);
  return { layer, score, rule: { relu, channels, normalize } };
}

/** The layer itself, if the score depends on it. @throws {UNKNOWN_LAYER} */
function leadingLayer(layer: Layer, at: ModelAt, score: Score): Layer {
  if (dependencies(at.graph.nodes, [score.tensor]).has(layer.output)) return layer;
  return fail("UNKNOWN_LAYER", `The score "${score.tensor}" does not depend on layer "${layer.name}", so there is no heatmap of it.`, {
    hint: "Choose a layer before the classes.",
    details: { layer: layer.name, score: score.tensor },
  });
}

/** The index of a target among a score's classes; `BEST` where none is asked for. @throws {UNKNOWN_TARGET} */
export function indexOf(model: Model, score: Score, target: Target | undefined): number {
  return target === undefined ? BEST : classIndex(target, score.classes, model.labels, model.synsets);
}

/** The graph that a call runs: the model's inputs, then the targets; out come the map and what is told about it. */
function gradCamGraph(model: Model, at: ModelAt, { layer, score, rule }: GradCamPlan): Graph {
  const writer = new GraphWriter(at.graph, at.infos);
  const targets = writer.input("targets", "int64", [score.shape[0] as number]);
  const { map, peak, slope, value, chosen } = writeGradCam(writer, layer, score, targets, rule, featuresOf(model.device));
  const whole = writer.finish([map, peak, slope, value, chosen]);
  return subgraph(whole, whole.outputs);
}

/** One heatmap for each picture of the batch. */
function readHeatmaps(model: Model, { layer, score, rule }: GradCamPlan, results: readonly Tensor[]): Heatmap[] {
  const [map, ...rest] = results as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const maps = toFloat32(map);
  const [peaks, slopes, values, chosen] = rest.map(toNumbers) as [number[], number[], number[], number[]];
  return chosen.map((index, image) => {
    const peak = peaks[image] as number;
    const blank = !(peak > 0 && Number.isFinite(peak));
    const number = scoreValue(score, index, values[image] as number);
    const found = itemAt(maps, image);
    return {
      image,
      layer: layer.name,
      target: { index, label: labelOf(model.labels, index) },
      score: number,
      map: blank ? zeros("float32", found.shape) : found,
      blank,
      warning: warningOf(score, number, peak, slopes[image] as number, rule),
    };
  });
}

/** The class's own value: that of "not" is 1 − p for a probability. */
function scoreValue(score: Score, index: number, signed: number): number {
  return score.binary && index === 0 && isProbability(score) ? 1 + signed : signed;
}

function isProbability(score: Score): boolean {
  return score.kind === "output" && score.head !== "linear";
}

/** Why a map says nothing, or little. */
function warningOf(score: Score, value: number, peak: number, slope: number, { relu }: CamRule): string | undefined {
  if (!Number.isFinite(slope) || !Number.isFinite(peak)) return "The gradient is not finite, so there is no map.";
  const saturated = isProbability(score) && value > SATURATED;
  if (slope === 0 && !saturated) return "The score does not depend on this layer here: its gradient is zero everywhere.";
  if (saturated) return `The probability is ${value.toFixed(6)}: its gradient is lost in rounding. Explain the logit instead.`;
  if (peak !== 0) return undefined;
  return relu
    ? "Nothing in this layer speaks for the class: all evidence is negative, or the layer is silent. Look at the map without ReLU."
    : "This layer is silent here: nothing in it speaks for the class or against it.";
}
