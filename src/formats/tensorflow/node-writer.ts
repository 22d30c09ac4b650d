// Writes the ONNX nodes of one TensorFlow node: its inputs as values, axes as TensorFlow counts them.

import { type ErrorCode, fail } from "../../errors.ts";
import { dataTypes } from "../../graph/proto/onnx.ts";
import type { DType } from "../../tensor/dtype.ts";
import { formatShape, sizeOf } from "../../tensor/tensor.ts";
import * as axes from "../keras/layers/axes.ts";
import type { Value } from "../keras/layers/value.ts";
import { boolAttr, floatAttr, intAttr, intsAttr, textAttr } from "./attributes.ts";
import type { GraphNode } from "./graph-def.ts";

/** More elements than that are not counted out one by one. */
const LARGEST = 2 ** 20;

/** A gibibyte of floats. */
const MOST_ELEMENTS = 2 ** 28;

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0 && n <= LARGEST;
}

export class NodeWriter {
  readonly axes: axes.AxesWriter;
  readonly node: GraphNode;
  readonly inputs: readonly Value[];
  /** Whether TensorFlow's own order has the channels at axis 1. */
  readonly channelsFirst: boolean;

  constructor(writer: axes.AxesWriter, node: GraphNode, inputs: readonly Value[]) {
    this.axes = writer;
    this.node = node;
    this.inputs = inputs;
    this.channelsFirst = /^NC/.test(textAttr(node, "data_format", "NHWC"));
  }

  /** Input `i`. @throws {BAD_MODEL} if the node has fewer */
  input(i = 0): Value {
    return this.inputs[i] ?? this.fail("BAD_MODEL", `has no input ${i}`);
  }

  /** Elements of an input that must be constant: a shape, axes, paddings. @throws {UNSUPPORTED_OPERATOR} if it is computed from data */
  constant(i: number): readonly number[] {
    const { tensor } = this.input(i);
    return this.axes.graph.value(tensor) ?? this.fail("UNSUPPORTED_OPERATOR", `needs input ${i} to be constant, but it is computed from the data`);
  }

  /** The one element of a constant input. */
  scalarConstant(i: number): number {
    return this.constant(i)[0] ?? this.fail("BAD_MODEL", `has an empty input ${i}`);
  }

  /** The one element of a constant input that is a size. @param what it is, for the error: "a depth" @throws {BAD_MODEL} */
  count(i: number, what: string): number {
    const count = this.scalarConstant(i);
    return isCount(count) ? count : this.fail("BAD_MODEL", `has ${what} of ${count}`);
  }

  /** A constant input that is a shape. @throws {BAD_MODEL} if a tensor of that shape cannot be */
  shapeConstant(i: number): readonly number[] {
    const shape = this.constant(i);
    const isShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0) && sizeOf(shape) <= MOST_ELEMENTS;
    return isShape ? shape : this.fail("BAD_MODEL", `makes a tensor of the shape ${formatShape(shape)}`);
  }

  /** A constant input of two sizes. @throws {BAD_MODEL} */
  pairConstant(i: number): readonly [number, number] {
    const [rows = 0, columns = 0, ...more] = this.constant(i);
    return isCount(rows) && isCount(columns) && rows * columns > 0 && more.length === 0 ? [rows, columns] : this.fail("BAD_MODEL", "has no height and width");
  }

  int(name: string, fallback = 0): number {
    return intAttr(this.node, name, fallback);
  }

  float(name: string, fallback: number): number {
    return floatAttr(this.node, name, fallback);
  }

  flag(name: string): boolean {
    return boolAttr(this.node, name);
  }

  text(name: string, fallback: string): string {
    return textAttr(this.node, name, fallback);
  }

  /** The spatial sizes of an attribute that has one a tensor axis: strides, ksize, dilations. */
  spatial(name: string, axes = 2): number[] {
    const sizes = intsAttr(this.node, name);
    const first = this.channelsFirst ? 2 : 1;
    return Array.from({ length: axes }, (_, i) => sizes[first + i] ?? 1);
  }

  /** An error that names the node. @param hint what to do, if there is something better than to convert the model otherwise */
  fail(code: ErrorCode, what: string, hint?: string): never {
    const { name, op } = this.node;
    return fail(code, `Node "${name}" (${op}) ${what}.`, {
      hint: hint ?? (code === "UNSUPPORTED_OPERATOR" ? "Convert the original model to ONNX (tf2onnx) and open that." : undefined),
      details: { node: name, operator: op },
    });
  }

  emit(op: string, inputs: readonly string[], attrs?: Readonly<Record<string, unknown>>): string {
    return this.axes.graph.emit(op, inputs, attrs);
  }

  /** A constant of sizes, axes or positions. @throws {BAD_MODEL} if one is missing */
  ints(values: readonly number[]): string {
    if (!values.every(Number.isSafeInteger)) this.fail("BAD_MODEL", `has sizes or positions that cannot be: ${values.join(", ")}`);
    return this.axes.graph.ints(values);
  }

  /** A number without axes, of a tensor's type, or a float. */
  scalar(value: number, like?: string): string {
    return this.axes.graph.scalar(value, like === undefined ? "float32" : this.dtype(like));
  }

  /** An integer without axes. */
  integer(value: number): string {
    return this.axes.graph.scalar(value, "int64");
  }

  /** 0, 1 … size − 1. @throws {BAD_MODEL} if that is no size */
  range(size: number, dtype: "float32" | "int64" = "int64"): string {
    if (!isCount(size)) this.fail("BAD_MODEL", `counts to ${size}`);
    return this.axes.graph.constant(
      dtype,
      [size],
      Array.from({ length: size }, (_, i) => i),
    );
  }

  graphShape(tensor: string): readonly number[] {
    return this.axes.graph.shape(tensor);
  }

  dtype(tensor: string): DType {
    return this.axes.graph.dtype(tensor);
  }

  /** The tensor as another type; itself if it is of that type. */
  cast(tensor: string, to: DType): string {
    return this.dtype(tensor) === to ? tensor : this.emit("Cast", [tensor], { to: dataTypes[to] });
  }

  /** `a` where a condition holds, else `b`. ONNX Runtime chooses between numbers only, so truth values are numbers meanwhile. */
  where(condition: string, a: string, b: string): string {
    if (this.dtype(a) !== "bool") return this.emit("Where", [condition, a, b]);
    return this.cast(this.emit("Where", [condition, this.cast(a, "int64"), this.cast(b, "int64")]), "bool");
  }

  /** A value's shape in TensorFlow's order. */
  shape(value: Value): readonly number[] {
    return axes.ownShape(this.axes, value);
  }

  /** The tensor in TensorFlow's order. */
  own(value: Value): string {
    return axes.own(this.axes, value);
  }

  /** The tensor with its axes reordered. */
  transpose(tensor: string, order: readonly number[]): string {
    return this.axes.transposed(tensor, order);
  }

  /** The tensor as `[N, C, …]`. */
  channelsAtOne(value: Value): string {
    return axes.channelsAtOne(this.axes, value, this.channelsFirst);
  }

  /** A tensor `[N, C, …]` as this node's output. */
  fromChannelsAtOne(tensor: string): Value {
    return axes.fromChannelsAtOne(this.axes, tensor, this.channelsFirst);
  }

  /** Values with their axes in the same places, see `aligned`. */
  aligned(values: readonly Value[]): { tensors: string[]; order: readonly number[] | undefined } {
    return axes.aligned(this.axes, values);
  }

  /** One of TensorFlow's axes (negative: from the end), checked. */
  ownAxis(axis: number, rank: number): number {
    const positive = axis < 0 ? axis + rank : axis;
    return positive >= 0 && positive < rank ? positive : this.fail("BAD_MODEL", `works on axis ${axis} of a tensor with ${rank} axes`);
  }

  /** The graph axis of one of TensorFlow's axes. */
  axis(value: Value, own: number): number {
    const axis = this.ownAxis(own, this.graphShape(value.tensor).length);
    return value.order?.[axis] ?? axis;
  }
}
