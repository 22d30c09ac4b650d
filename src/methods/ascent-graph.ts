// One step of gradient ascent on a picture as a graph: forward to the layer, its chosen channels' means, the gradient, the
// update. Only the picture crosses the boundary to ONNX Runtime.

import { backpropagate } from "../autodiff/gradient.ts";
import { fail } from "../errors.ts";
import type { Layer, ModelInput } from "../formats/loaded-model.ts";
import { subgraph } from "../graph/subgraph.ts";
import type { Graph } from "../graph/types.ts";
import type { Model, ModelAt } from "../model.ts";
import { GraphWriter } from "../ops/writer.ts";
import { formatShape, sizeOf } from "../tensor/tensor.ts";
import { chooseChannels } from "./chosen-channels.ts";
import { featuresOf } from "./features.ts";
import { perItem } from "./per-item.ts";
import { pixelScale } from "./pixel-scale.ts";

/** How a gradient is brought to a usable length: divided by its root mean square, or by its L2 norm. */
export type GradientNorm = "rms" | "l2";

export interface AscentStep {
  normalize: GradientNorm;
  /** In pixel values of 0..255. */
  stepSize: number;
  /** Bounds that pixels are kept in, in pixel values. */
  range: readonly [number, number] | undefined;
}

/**
 * The graph of a step. Inputs: the model's picture `[N, …]`, then the channel of each item, int64 `[N]`. Outputs: the mean
 * activation of each item's channel `[N]`, the norm of its gradient `[N]`, and the next picture `[N, …]`.
 *
 * @throws {SHAPE_MISMATCH} if the layer has no channels @throws {UNKNOWN_LAYER} if it does not depend on the picture
 */
export function ascentGraph(model: Model, at: ModelAt, layer: Layer, step: AscentStep): Graph {
  const { input } = model;
  const writer = new GraphWriter(at.graph, at.infos);
  const batch = writer.shape(input.name)[0] as number;
  const { tensor, seed } = chooseChannels(writer, layer, writer.input("channels", "int64", [batch]));
  const shares = writer.emit("Mul", [tensor, seed]);
  const activation = perItem(writer, "ReduceSum", writer.reshape(shares, [batch, sizeOf(writer.shape(shares)) / batch]));
  const [gradient] = backpropagate(writer, { of: tensor, wrt: [input.name], seed, features: featuresOf(model.device) }) as [string];
  const norm = gradientNorm(writer, gradient, step.normalize);
  const direction = writer.emit("Div", [gradient, norm.divisor]);
  const scale = pixelScale(model.preprocessing, channelsOf(input, writer.shape(input.name)));
  const perChannel = (values: readonly number[]) => channelConstant(writer, input, values);
  const moved = writer.emit("Add", [input.name, writer.emit("Mul", [direction, perChannel(scale.scale.map((s) => s * step.stepSize))])]);
  const bound = (pixel: number) => perChannel(scale.scale.map((s, c) => pixel * s + (scale.offset[c] as number)));
  const next = step.range ? writer.emit("Min", [writer.emit("Max", [moved, bound(step.range[0])]), bound(step.range[1])]) : moved;
  const outputs = [activation, writer.reshape(norm.value, writer.shape(activation)), next];
  const whole = writer.finish(outputs);
  return subgraph(whole, whole.outputs);
}

/** How many filters a layer has. @throws {SHAPE_MISMATCH} */
export function countChannels(layer: Layer, shape: readonly number[]): number {
  const channels = layer.channelAxis === undefined ? undefined : shape[layer.channelAxis];
  return (
    channels ??
    fail("SHAPE_MISMATCH", `Layer "${layer.name}" has no filters: its output has shape ${formatShape(shape)}.`, {
      hint: "Choose a convolution or a dense layer.",
      details: { layer: layer.name, shape },
    })
  );
}

/** rms: √(mean g²) + 1e-5, as the chapter's first edition; l2: √(max(Σ g², 1e-12)), as `tf.math.l2_normalize`. */
function gradientNorm(writer: GraphWriter, gradient: string, kind: GradientNorm): { value: string; divisor: string } {
  const scalar = (x: number) => writer.scalar(x, writer.dtype(gradient));
  const squares = writer.emit("Mul", [gradient, gradient]);
  if (kind === "rms") {
    const value = writer.emit("Sqrt", [perItem(writer, "ReduceMean", squares, "keep")]);
    return { value, divisor: writer.emit("Add", [value, scalar(1e-5)]) };
  }
  const value = writer.emit("Sqrt", [perItem(writer, "ReduceSum", squares, "keep")]);
  return { value, divisor: writer.emit("Max", [value, scalar(1e-6)]) };
}

/** Axis of the channels in an input's own layout: the last for NHWC and for inputs that are no pictures. */
function channelAxis(input: ModelInput): number {
  return input.layout === "NCHW" ? 1 : input.shape.length - 1;
}

/** Number of channels of an input at a concrete shape. */
export function channelsOf(input: ModelInput, shape: readonly number[]): number {
  return shape[channelAxis(input)] as number;
}

function channelConstant(writer: GraphWriter, input: ModelInput, values: readonly number[]): string {
  const axis = channelAxis(input);
  const shape = input.shape.map((_, i) => (i === axis ? values.length : 1));
  return writer.constant(writer.dtype(input.name), shape, values);
}
