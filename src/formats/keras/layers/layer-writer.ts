// Writes the nodes of one call of a layer: its inputs and weights by name, axes as Keras counts them.

import { fail } from "../../../errors.ts";
import type { DType } from "../../../tensor/dtype.ts";
import { invert } from "../../../tensor/tensor.ts";
import type { MaskRules } from "../config/mask-rules.ts";
import { type Call, inputsOfCall, type KerasLayer } from "../ir.ts";
import * as axes from "./axes.ts";
import { type Config, readConfig } from "./config.ts";
import { givenMasks } from "./masks.ts";
import { channelsLastOrder, type Mask, type Value } from "./value.ts";
import type { Seen } from "./weight-spec.ts";

/** What all layers of a model share while it is written. */
export interface BuildState extends axes.AxesWriter {
  /** Whether layers that do not say so have their channels first. */
  readonly channelsFirst: boolean;
  /**
   * A weight's tensor in Keras 3's order, float32.
   *
   * @param shape what is needed, where the weight's own rule does not say it
   * @throws {BAD_MODEL} if it is missing or of another shape
   */
  weight(layer: KerasLayer, name: string, seen: Seen, shape?: readonly number[]): string;
  /** A weight's shape in the file; undefined if it is not there. */
  storedShape(layer: KerasLayer, name: string): readonly number[] | undefined;
  readonly masks: MaskRules;
  /** Writes another layer's nodes: what a wrapper holds, or an activation that is a layer. */
  emitLayer(layer: KerasLayer, inputs: readonly Value[], kwargs?: Call<Value>["kwargs"]): readonly Value[];
}

export class LayerWriter {
  readonly state: BuildState;
  readonly layer: KerasLayer;
  readonly config: Config;
  readonly call: Call<Value>;
  /** The tensors that it is called with, in order. */
  readonly inputs: readonly Value[];
  /** Whether this layer has its channels at axis 1. */
  readonly channelsFirst: boolean;

  constructor(state: BuildState, layer: KerasLayer, call: Call<Value>) {
    this.state = state;
    this.layer = layer;
    this.config = readConfig(layer);
    this.call = call;
    this.inputs = inputsOfCall(call);
    const format = layer.config.data_format;
    // Layers over series that do not say so (Cropping1D, UpSampling1D) have their channels last in every model.
    this.channelsFirst = typeof format === "string" ? format === "channels_first" : state.channelsFirst && !layer.kind.endsWith("1D");
  }

  /** The first input. @throws {BAD_MODEL} if the layer is called with none */
  get input(): Value {
    return this.inputs[0] ?? this.fail("BAD_MODEL", "is called without an input");
  }

  /** The inputs' masks: those that the call names, else those that come with the tensors. */
  get masks(): readonly (Mask | undefined)[] {
    return givenMasks(this.state, this.call, "mask") ?? this.inputs.map(({ masked }) => masked?.mask);
  }

  /** An error that names the layer. */
  fail(code: "BAD_MODEL" | "UNSUPPORTED_LAYER", what: string, hint?: string): never {
    const { name, kind } = this.layer;
    return fail(code, `Layer "${name}" (${kind}) ${what}.`, { hint, details: { layer: name, class: kind } });
  }

  /** A value's shape in Keras's order. */
  shape(value: Value): readonly number[] {
    return axes.ownShape(this.state, value);
  }

  /** Shape of a graph tensor. */
  graphShape(tensor: string): readonly number[] {
    return this.state.graph.shape(tensor);
  }

  emit(op: string, inputs: readonly string[], attrs?: Readonly<Record<string, unknown>>): string {
    return this.state.graph.emit(op, inputs, attrs);
  }

  ints(values: readonly number[]): string {
    return this.state.graph.ints(values);
  }

  dtype(tensor: string): DType {
    return this.state.graph.dtype(tensor);
  }

  /** A number as a constant: float32, or of another tensor's type. */
  scalar(value: number, like?: string): string {
    return this.state.graph.scalar(value, like === undefined ? "float32" : this.dtype(like));
  }

  constant(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.state.graph.constant("float32", shape, values);
  }

  /** `tensor` as `[batch, …rest]`, for any batch; one size may be -1. */
  reshape(tensor: string, rest: readonly number[]): string {
    return this.emit("Reshape", [tensor, this.ints([0, ...rest])]);
  }

  transpose(tensor: string, order: readonly number[]): string {
    return this.state.transposed(tensor, order);
  }

  /** A weight's shape in the file; undefined if it is not there. */
  storedShape(name: string): readonly number[] | undefined {
    return this.state.storedShape(this.layer, name);
  }

  /** One of the layer's own weights. @param shape what is needed, where the weight's own rule does not say it */
  weight(name: string, shape?: readonly number[]): string {
    const shapes = this.inputs.map((input) => this.shape(input));
    const first = shapes[0] ?? [];
    const channels = (this.channelsFirst && first.length > 2 ? first[1] : first.at(-1)) ?? 0;
    return this.state.weight(this.layer, name, { shapes, channels }, shape);
  }

  /** The tensor in Keras's order. */
  own(value: Value): string {
    return axes.own(this.state, value);
  }

  /** The tensor as `[N, C, …]`, whichever way this layer counts its channels. */
  channelsAtOne(value: Value): string {
    return axes.channelsAtOne(this.state, value, this.channelsFirst);
  }

  /** The input as `[N, C, …]` with `axes` axes of space. @throws {BAD_MODEL} if it has more or fewer */
  spatialInput(axes: number): string {
    const rank = this.shape(this.input).length;
    if (rank !== axes + 2) this.fail("BAD_MODEL", `takes inputs with ${axes + 2} axes, but its input has ${rank}`);
    return this.channelsAtOne(this.input);
  }

  /** A tensor `[N, C, …]` as this layer's output. */
  fromChannelsAtOne(tensor: string): Value {
    return axes.fromChannelsAtOne(this.state, tensor, this.channelsFirst);
  }

  /** A tensor in Keras's order as an output; pictures are brought to channels first. */
  fromOwn(tensor: string): Value {
    const rank = this.graphShape(tensor).length;
    if (rank < 4 || this.channelsFirst) return { tensor };
    const order = channelsLastOrder(rank);
    return { tensor: this.transpose(tensor, invert(order)), order };
  }

  /** The value's tensor with its axes in the places that `order` says. */
  arrange(value: Value, order: readonly number[] | undefined): string {
    return axes.arrange(this.state, value, order);
  }

  /** The graph axis of one of Keras's axes (negative: from the end). */
  axis(value: Value, own: number): number {
    const rank = this.graphShape(value.tensor).length;
    const axis = own < 0 ? own + rank : own;
    if (axis < 0 || axis >= rank) this.fail("BAD_MODEL", `works on axis ${own} of a tensor with ${rank} axes`);
    return value.order?.[axis] ?? axis;
  }

  /** Several values with their axes in the same places, see `axes.aligned`. */
  aligned(values: readonly Value[]): { tensors: string[]; order: readonly number[] | undefined } {
    return axes.aligned(this.state, values);
  }

  /** A constant in Keras's order, brought to the places of `value`'s axes; missing axes are put in front. */
  beside(tensor: string, value: Value): string {
    const rank = this.graphShape(value.tensor).length;
    const shape = this.graphShape(tensor);
    if (shape.length === 0 || (shape.length === 1 && !value.order)) return tensor;
    if (shape.length > rank) this.fail("BAD_MODEL", `has a constant of ${shape.length} axes beside a tensor of ${rank}`);
    const full = this.state.graph.reshape(tensor, [...new Array<number>(rank - shape.length).fill(1), ...shape]);
    return value.order ? this.transpose(full, invert(value.order)) : full;
  }
}
