// Which number is explained: an output of the model, before or after its softmax or sigmoid, and one class of it.

import { fail } from "../errors.ts";
import type { Graph, Node } from "../graph/types.ts";
import type { Model, ModelAt } from "../model.ts";
import { classAxisOf } from "./feeds.ts";

/**
 * `output`: what the model itself gives, as Keras's chapter does it (after the softmax, if it has one).
 * `logit`: the value before a final softmax or sigmoid, as most papers and PyTorch tools take it.
 */
export type ScoreKind = "output" | "logit";

/** How the last operator turns scores into what the model gives. */
export type Head = "softmax" | "sigmoid" | "linear";

export interface Score {
  /** The tensor to differentiate. */
  readonly tensor: string;
  readonly kind: ScoreKind;
  /** The model's output that it belongs to. */
  readonly output: string;
  readonly head: Head;
  readonly shape: readonly number[];
  /** Axis of the classes in `shape`. */
  readonly classAxis: number;
  /** How many classes a target can name. */
  readonly classes: number;
  /** Whether one unit stands for two classes: 0 is "not", 1 is the unit. So with a single sigmoid, and with two labels for one score. */
  readonly binary: boolean;
}

/** The operator that makes `name`, looking through operators that change no value, or only round it. */
function producer(graph: Graph, name: string): Node | undefined {
  const node = graph.nodes.find((n) => n.outputs.includes(name));
  return node && ["Identity", "Reshape", "Flatten", "Squeeze", "Cast", "Dropout", "QuantizeLinear", "DequantizeLinear"].includes(node.op)
    ? producer(graph, node.inputs[0] as string)
    : node;
}

/** Whether an output is probabilities (softmax, sigmoid) or plain scores. */
export function headOf(graph: Graph, output: string): Head {
  const op = producer(graph, output)?.op;
  return op === "Softmax" ? "softmax" : op === "Sigmoid" ? "sigmoid" : "linear";
}

/**
 * The output that predictions are read from: the one asked for, else the first that ends in a softmax or sigmoid, else
 * the first.
 *
 * @throws {UNKNOWN_TARGET} if the model has no such output
 */
export function predictionOutput(graph: Graph, asked?: string): string {
  const names = graph.outputs.map((output) => output.name);
  if (asked !== undefined && !names.includes(asked)) {
    fail("UNKNOWN_TARGET", `The model has no output "${asked}".`, { hint: `Its outputs: ${names.join(", ")}.`, details: { outputs: names } });
  }
  return asked ?? names.find((name) => headOf(graph, name) !== "linear") ?? (names[0] as string);
}

/** The score of this kind that belongs to an output. @throws {UNKNOWN_TARGET} @throws {BAD_ARGUMENT} if the labels given do not fit the first */
export function scoreOf(model: Model, at: ModelAt, kind: ScoreKind, asked: string | undefined): Score {
  const { labels, loaded } = model;
  const output = predictionOutput(at.graph, asked);
  const head = headOf(at.graph, output);
  const tensor = kind === "logit" && head !== "linear" ? (producer(at.graph, output)?.inputs[0] as string) : output;
  const shape = at.infos.get(tensor)?.shape ?? [];
  const classAxis = classAxisOf(at, tensor);
  const units = shape[classAxis] ?? 1;
  const binary = units === 1 && (head === "sigmoid" || labels?.length === 2);
  if (asked === undefined && labels !== loaded.labels) checkLabels(labels, binary ? [1, 2] : [units]);
  return { tensor, kind, output, head, shape, classAxis, classes: binary ? 2 : units, binary };
}

/** @throws {BAD_ARGUMENT} if there are more or fewer names than classes, which would name some wrongly */
function checkLabels(labels: readonly string[] | undefined, counts: readonly number[]): void {
  if (!labels || counts.includes(labels.length)) return;
  fail("BAD_ARGUMENT", `There are names for ${labels.length} classes, but the model gives ${counts.at(-1)}.`, {
    hint: "Give one name for each class, in the model's order, or none.",
    details: { names: labels.length, classes: counts.at(-1) },
  });
}

/** A class's name; `class 3` where the model carries none. */
export function labelOf(labels: readonly string[] | undefined, index: number): string {
  return labels?.[index] ?? `class ${index}`;
}

/** A class by index or by (a part of) its name; one of ImageNet's by WordNet's id too: `n02504458`. */
export type Target = number | string;

/**
 * The index of a class.
 *
 * @param classes how many there are
 * @param synsets WordNet's ids of the classes, where these are ImageNet's
 * @throws {UNKNOWN_TARGET} if there is no such class, or several fit the name
 */
export function classIndex(target: Target, classes: number, labels: readonly string[] | undefined, synsets?: readonly string[]): number {
  if (typeof target === "number" || /^\d+$/.test(target)) {
    const index = Number(target);
    if (Number.isInteger(index) && index >= 0 && index < classes) return index;
    fail("UNKNOWN_TARGET", `Class ${target} does not exist: the model has ${classes} classes.`, {
      hint: `Give an index from 0 to ${classes - 1}${labels ? ", or a class's name" : ""}.`,
      details: { target, classes },
    });
  }
  const synset = synsets?.indexOf(target) ?? -1;
  if (synset >= 0) return synset;
  if (!labels) {
    fail("UNKNOWN_TARGET", `The class "${target}" cannot be found by name: the model carries no class names.`, {
      hint: "Give the class's index, or a file of names (--labels).",
    });
  }
  const wanted = plain(target);
  const named = labels.slice(0, classes).map((label, index) => ({ index, label, words: plain(label).split(/,\s*/) }));
  const exact = named.filter(({ label, words }) => plain(label) === wanted || words.includes(wanted));
  const found = exact.length ? exact : named.filter(({ label }) => plain(label).includes(wanted));
  if (found.length === 1) return (found[0] as { index: number }).index;
  if (found.length > 1) {
    fail("UNKNOWN_TARGET", `"${target}" fits ${found.length} classes.`, {
      hint: `Give one of: ${found
        .slice(0, 8)
        .map(({ index, label }) => `${index} (${label})`)
        .join(", ")}${found.length > 8 ? " …" : ""}.`,
      details: { target, candidates: found.map(({ index }) => index) },
    });
  }
  return fail("UNKNOWN_TARGET", `No class is called "${target}".`, {
    hint: `Class names: ${labels.slice(0, 10).join("; ")}${labels.length > 10 ? " …" : ""}.`,
    details: { target },
  });
}

/** Keras writes `African_elephant`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", " ");
}
