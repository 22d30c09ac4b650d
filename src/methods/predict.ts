// The model's own answer: classes with their scores.

import type { Model } from "../model.ts";
import { itemAt, sizeOf, type Tensor, toFloat32 } from "../tensor/tensor.ts";
import { type ModelFeed, prepareFeed } from "./feeds.ts";
import { labelOf, type Score, scoreOf } from "./target.ts";

export interface Prediction {
  readonly index: number;
  /** The class's name; `class 3` where the model carries none. */
  readonly label: string;
  /** What the model gives: a probability after softmax or sigmoid, else a plain score. */
  readonly score: number;
}

export interface PredictOptions {
  /** How many classes to return, best first. Default: all. */
  top?: number;
  /** Which output to read, for models with several. */
  output?: string;
  signal?: AbortSignal;
}

/**
 * The classes of each item of the batch, best first: `[N][top]`. A single unit that stands for two classes gives both:
 * 0 is "not", 1 is the unit. Scores that form a map are averaged over it.
 *
 * @throws {SHAPE_MISMATCH} @throws {UNKNOWN_TARGET} for an output that is not there @throws {ABORTED}
 * @example
 * const [[best]] = await predict(model, image, { top: 5 });
 */
export async function predict(model: Model, input: ModelFeed, { top, output, signal }: PredictOptions = {}): Promise<Prediction[][]> {
  const { feeds, shapes, batch } = prepareFeed(model, input);
  const at = model.atShapes(shapes);
  const score = scoreOf(model, at, "output", output);
  const results = await model.run(`forward ${JSON.stringify(shapes)}`, () => at.graph, feeds, { outputs: [score.output], signal });
  const scores = toFloat32(results[score.output] as Tensor);
  return Array.from({ length: batch }, (_, i) => ranked(classScores(itemAt(scores, i), score), model.labels).slice(0, top));
}

/** One number for each class of an item. */
function classScores({ shape, data }: Tensor<"float32">, { classAxis, binary, head }: Score): number[] {
  const classes = shape[classAxis - 1] ?? 1;
  const inner = sizeOf(shape.slice(classAxis));
  const means = new Array<number>(classes).fill(0);
  data.forEach((x, i) => {
    const c = Math.floor(i / inner) % classes;
    means[c] = (means[c] as number) + (x * classes) / data.length;
  });
  const [unit] = means as [number];
  return binary ? [head === "linear" ? -unit : 1 - unit, unit] : means;
}

function ranked(scores: readonly number[], labels: readonly string[] | undefined): Prediction[] {
  return scores.map((score, index) => ({ index, label: labelOf(labels, index), score })).sort((a, b) => b.score - a.score || a.index - b.index);
}
