// Grad-CAM as a part of a graph: a class, its score's gradient at a layer, the weighted map. Used to run it and to export it.

import { backpropagate } from "../autodiff/gradient.ts";
import { fail } from "../errors.ts";
import type { Layer } from "../formats/loaded-model.ts";
import type { Features } from "../ops/define.ts";
import type { GraphWriter } from "../ops/writer.ts";
import { formatShape } from "../tensor/tensor.ts";
import { selectClasses } from "./class-selection.ts";
import { magnitude, perItem } from "./per-item.ts";
import type { Score } from "./target.ts";

/** How a map is made from a layer's output and its gradient. */
export interface CamRule {
  /** Whether negative evidence is dropped. */
  relu: boolean;
  /** Whether channels are averaged, as in Keras's chapter, or summed, as in the paper. */
  channels: "mean" | "sum";
  /** `max`: divided by its largest magnitude; `minmax`: brought to 0..1; `none`: as it is. */
  normalize: "max" | "minmax" | "none";
}

/** Names of the tensors that were written. */
export interface CamTensors {
  /** `[N, …positions]`. */
  readonly map: string;
  /** Largest magnitude of the map before it was normalised, `[N]`. */
  readonly peak: string;
  /** Largest magnitude of the gradient at the layer, `[N]`. */
  readonly slope: string;
  /** Value of the score that was explained, signed for "not" classes, `[N]`. */
  readonly value: string;
  /** The class of each item, int64 `[N]`. */
  readonly chosen: string;
}

/**
 * Writes Grad-CAM behind the forward pass: channel weights α = mean of ∂score/∂A over positions, map = mean or sum over
 * channels of α·A. Only what lies between the layer and the score is differentiated.
 *
 * @param targets an int64 tensor `[N]` of classes, see `selectClasses`
 * @throws {SHAPE_MISMATCH} if the layer has no positions @throws {UNKNOWN_LAYER} if the score does not depend on it
 */
export function writeGradCam(writer: GraphWriter, layer: Layer, score: Score, targets: string, rule: CamRule, features: Features): CamTensors {
  const { channelAxis, positionAxes } = axesOf(layer, writer.shape(layer.output));
  const { chosen, seed } = selectClasses(writer, score, targets);
  const value = perItem(writer, "ReduceSum", writer.emit("Mul", [score.tensor, seed]));
  const [gradient] = backpropagate(writer, { of: score.tensor, wrt: [layer.output], seed, features }) as [string];
  const weights = writer.emit("ReduceMean", [gradient, writer.ints(positionAxes)], { keepdims: 1 });
  const weighted = writer.emit("Mul", [weights, layer.output]);
  const combine = rule.channels === "mean" ? "ReduceMean" : "ReduceSum";
  const combined = writer.emit(combine, [weighted, writer.ints([channelAxis])], { keepdims: 0 });
  const map = rule.relu ? writer.emit("Relu", [combined]) : combined;
  return { map: normalize(writer, map, rule.normalize), peak: magnitude(writer, map), slope: magnitude(writer, gradient), value, chosen };
}

/** @throws {SHAPE_MISMATCH} */
function axesOf(layer: Layer, shape: readonly number[]): { channelAxis: number; positionAxes: number[] } {
  const { channelAxis } = layer;
  const positionAxes = shape.flatMap((_, axis) => (axis === 0 || axis === channelAxis ? [] : [axis]));
  if (channelAxis !== undefined && positionAxes.length > 0) return { channelAxis, positionAxes };
  return fail("SHAPE_MISMATCH", `Layer "${layer.name}" has no positions to draw a map of: its output has shape ${formatShape(shape)}.`, {
    hint: "Choose a layer whose output has height and width, for example the last convolution.",
    details: { layer: layer.name, shape },
  });
}

/** A map without positive evidence stays zero: the divisor is 1 there. */
function normalize(writer: GraphWriter, map: string, kind: CamRule["normalize"]): string {
  if (kind === "none") return map;
  if (kind === "max") return divide(writer, map, magnitude(writer, map, "keep"));
  const low = perItem(writer, "ReduceMin", map, "keep");
  return divide(writer, writer.emit("Sub", [map, low]), writer.emit("Sub", [perItem(writer, "ReduceMax", map, "keep"), low]));
}

function divide(writer: GraphWriter, map: string, by: string): string {
  const [zero, one] = [0, 1].map((x) => writer.scalar(x, writer.dtype(map))) as [string, string];
  return writer.emit("Div", [map, writer.emit("Where", [writer.emit("Greater", [by, zero]), by, one])]);
}
