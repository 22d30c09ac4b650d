// Chooses the class of every item within the graph: the one that is asked for, or the best, without a second run.

import { dataTypes } from "../graph/proto/onnx.ts";
import type { GraphWriter } from "../ops/writer.ts";
import { perItem } from "./per-item.ts";
import type { Score } from "./target.ts";

/** As a target: the class that the model gives the highest score. */
export const BEST = -1;

export interface ClassSelection {
  /** The class of each item, int64 `[N]`. */
  readonly chosen: string;
  /** Seed of the chosen class's score, of the score's shape. */
  readonly seed: string;
}

/** Writes the selection. `targets` is an int64 tensor `[N]`; `BEST` picks the top class. */
export function selectClasses(writer: GraphWriter, score: Score, targets: string): ClassSelection {
  const best = score.binary ? signOf(writer, score) : largest(writer, score);
  const chosen = writer.emit("Where", [writer.emit("Less", [targets, writer.scalar(0, "int64")]), best, targets]);
  const aligned = writer.reshape(
    chosen,
    score.shape.map((d, axis) => (axis === 0 ? d : 1)),
  );
  const picked = score.binary ? signs(writer, aligned, score) : oneHot(writer, aligned, score);
  return { chosen, seed: writer.emit("Expand", [picked, writer.ints(score.shape)]) };
}

/** The class with the highest score, int64 `[N]`; scores of a map count all over it. */
function largest(writer: GraphWriter, score: Score): string {
  const pooled = writer.reshape(overPositions(writer, score), [score.shape[0] as number, score.classes]);
  return writer.emit("ArgMax", [pooled], { axis: 1, keepdims: 0 });
}

/** 1 where the unit says yes: a probability above a half, a plain score above zero. */
function signOf(writer: GraphWriter, score: Score): string {
  const threshold = score.kind === "output" && score.head === "sigmoid" ? 0.5 : 0;
  const mean = perItem(writer, "ReduceMean", score.tensor);
  const yes = writer.emit("Greater", [mean, writer.scalar(threshold, writer.dtype(mean))]);
  return writer.emit("Cast", [yes], { to: dataTypes.int64 });
}

/** The score summed over everything but the batch and the classes. */
function overPositions(writer: GraphWriter, score: Score): string {
  const axes = score.shape.flatMap((_, axis) => (axis === 0 || axis === score.classAxis ? [] : [axis]));
  return axes.length ? writer.emit("ReduceSum", [score.tensor, writer.ints(axes)], { keepdims: 0 }) : score.tensor;
}

/** 1 at the chosen class, 0 elsewhere. */
function oneHot(writer: GraphWriter, chosen: string, score: Score): string {
  const shape = score.shape.map((_, axis) => (axis === score.classAxis ? score.classes : 1));
  const classes = writer.constant(
    "int64",
    shape,
    Array.from({ length: score.classes }, (_, i) => i),
  );
  return castLike(writer, writer.emit("Equal", [chosen, classes]), score);
}

/** −1 for class 0, 1 for class 1. */
function signs(writer: GraphWriter, chosen: string, score: Score): string {
  const doubled = writer.emit("Mul", [chosen, writer.scalar(2, "int64")]);
  return castLike(writer, writer.emit("Sub", [doubled, writer.scalar(1, "int64")]), score);
}

function castLike(writer: GraphWriter, name: string, score: Score): string {
  return writer.emit("Cast", [name], { to: dataTypes[writer.dtype(score.tensor)] });
}
