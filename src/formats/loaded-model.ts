// What every format reader gives: inputs, outputs, layers, and a graph at any input shape.

import type { Dim, Graph } from "../graph/types.ts";
import type { DType } from "../tensor/dtype.ts";

/** Where the channels of a picture lie in an input tensor: axis 1 or the last. */
export type Layout = "NCHW" | "NHWC";

export interface ModelInput {
  /** Name of the graph input. */
  readonly name: string;
  readonly dtype: DType;
  /** In the model's own layout, batch first; `null` or a symbol where the model leaves a size open. */
  readonly shape: readonly Dim[];
  /** Layout if the input can hold pictures (rank 4), else undefined. */
  readonly layout: Layout | undefined;
}

/** A layer as its user knows it. */
export interface Layer {
  /** `block3_conv1`, `vgg16/block1_pool`, `features.10`. Unique within the model. */
  readonly name: string;
  /** Keras's class or ONNX's operator: `Conv2D`, `MaxPool`. */
  readonly kind: string;
  /** The graph tensor that it makes (after its activation). Several layers may share one (Dropout, identity). */
  readonly output: string;
  /** Names of the layers whose outputs it reads. */
  readonly inputs: readonly string[];
  /** Number of weights, all of them: trainable or not. */
  readonly parameters: number;
  /** Axis of the channels in the graph tensor; undefined if it has none (shape [N] …). */
  readonly channelAxis: number | undefined;
  /**
   * How to reorder the graph tensor's axes into the model's own layout: own axis `i` is graph axis `ownOrder[i]`.
   * Undefined where both are the same. Keras models compute in NCHW and show NHWC: [0, 2, 3, 1].
   */
  readonly ownOrder?: readonly number[];
}

/** The model at concrete input shapes. */
export interface BuiltModel {
  /** Every input and every layer's output is a tensor of this graph. Outputs: the model's. */
  readonly graph: Graph;
  /** In the order in which the model computes them. */
  readonly layers: readonly Layer[];
}

/** How a picture becomes the input, where the model itself says so. */
export interface PreprocessingGuess {
  /** A preset's name: `raw` where the model rescales inside. */
  readonly preset: "caffe" | "tf" | "torch" | "unit" | "raw";
  /** Why: `layer "rescaling" scales by 1/255`. */
  readonly reason: string;
}

export interface LoadedModel {
  /** `onnx`, `keras`, `keras-h5`, `tfjs-layers` … */
  readonly format: string;
  /** The producer, as the file says: `Keras 3.15.1`, `pytorch 2.13`. */
  readonly producer: string | undefined;
  readonly name: string;
  readonly inputs: readonly ModelInput[];
  /** Names of the graph's outputs. */
  readonly outputs: readonly string[];
  readonly preprocessing: PreprocessingGuess | undefined;
  /** Class names, where the file carries them. */
  readonly labels: readonly string[] | undefined;
  /**
   * The graph and its layers at these input shapes (own layout, batch included), one for each input by name. Cheap: no
   * weight is read.
   *
   * @param until a layer's name or tensor: what does not lead to it is left out, and it becomes the only output. So a
   *   network with dense layers of fixed size can still be built at another picture size up to a convolution.
   * @throws {SHAPE_MISMATCH} if the model does not take these shapes
   */
  build(shapes: Readonly<Record<string, readonly number[]>>, until?: string): BuiltModel;
}
