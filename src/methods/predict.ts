// The model's own answer: classes with their scores.

import type { Model } from "../model.ts";
import { itemAt, type Tensor, toFloat32 } from "../tensor/tensor.ts";
import { type ModelFeed, prepareFeed } from "./feeds.ts";
import { headOf, predictionOutput } from "./target.ts";

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

/** The classes of each item of the batch, best first: `[N][top]`. */
export async function predict(model: Model, input: ModelFeed, { top, output, signal }: PredictOptions = {}): Promise<Prediction[][]> {
  const { feeds, shapes, batch } = prepareFeed(model, input);
  const at = model.atShapes(shapes);
  const name = predictionOutput(at.graph, output);
  const results = await model.run(`forward ${JSON.stringify(shapes)}`, () => at.graph, feeds, { outputs: [name], signal });
  const scores = toFloat32(results[name] as Tensor);
  const head = headOf(at.graph, name);
  return Array.from({ length: batch }, (_, i) => ranked(itemAt(scores, i).data, head === "sigmoid", model.labels, top));
}

/** Classes by falling score. A single sigmoid unit is two classes: "not" (0) and the unit (1). */
export function ranked(scores: ArrayLike<number>, sigmoid: boolean, labels: readonly string[] | undefined, top = Number.POSITIVE_INFINITY): Prediction[] {
  const all = sigmoid && scores.length === 1 ? [1 - (scores[0] as number), scores[0] as number] : Array.from(scores);
  return all
    .map((score, index) => ({ index, label: labels?.[index] ?? `class ${index}`, score }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, top);
}
