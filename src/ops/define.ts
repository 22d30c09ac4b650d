// What an operator's entry in the table looks like: attributes, shape rule, constant folding and gradient rule side by side.

import type { AttrSpecs, AttrsOf } from "../graph/attributes.ts";
import type { Node } from "../graph/types.ts";
import type { DType } from "../tensor/dtype.ts";

/** What is known of a tensor when shapes are inferred: all sizes are concrete. */
export interface Info {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Elements, where the tensor is a small constant (shapes, axes, pads, scales), row-major. */
  readonly value?: readonly number[];
}

/** An input of a node; undefined where an optional input is left out. */
export type MaybeInfo = Info | undefined;

/** How kernel sets differ: which form of a gradient to emit. */
export interface Features {
  /** MaxPool can give `Indices`. */
  readonly maxPoolIndices: boolean;
  /** ConvTranspose works in three dimensions, and in groups that have several inputs and one output. */
  readonly everyConvTranspose: boolean;
}

/** Kernels of ONNX Runtime's CPU and wasm providers. */
export const cpuFeatures: Features = { maxPoolIndices: true, everyConvTranspose: true };

/** Kernels of ONNX Runtime's WebGPU provider. */
export const webgpuFeatures: Features = { maxPoolIndices: false, everyConvTranspose: false };

/**
 * What a gradient rule works with. Names are tensor names in the graph that is being written; every `emit` infers the
 * new tensor's shape at once.
 */
export interface Rule<A = Readonly<Record<string, unknown>>> {
  readonly node: Node;
  readonly attrs: A;
  readonly features: Features;
  /** Number of inputs that the node lists. */
  readonly inputCount: number;
  /** What is known of the inputs, as the shape rule sees them. */
  readonly infos: readonly MaybeInfo[];
  /** Name of input `i`. @throws if it is left out */
  in(i: number): string;
  /** Whether optional input `i` is there. */
  has(i: number): boolean;
  /** Name of output `i`. If the node does not have it yet (MaxPool's Indices), it is added to the forward node. */
  out(i: number): string;
  /** Gradient of output `i`, zeros if nothing flows into it. */
  dy(i?: number): string;
  /** Whether a gradient flows into output `i`. */
  flows(i: number): boolean;
  /** Whether the gradient of input `i` is asked for; a rule may skip the work (return undefined) where not. */
  wants(i: number): boolean;
  shape(name: string): readonly number[];
  dtype(name: string): DType;
  /** Elements of a small constant tensor, or undefined where it is not constant. */
  value(name: string): readonly number[] | undefined;
  /** Add a node, return the name of its (first) output. */
  emit(op: string, inputs: readonly string[], attrs?: Readonly<Record<string, unknown>>): string;
  /** Add a node with several outputs. */
  emitMany(op: string, inputs: readonly string[], outputs: number, attrs?: Readonly<Record<string, unknown>>): string[];
  /** A constant scalar of `like`'s dtype (the dtype of input 0 if left out). */
  scalar(value: number, like?: string): string;
  /** A constant tensor, of input 0's dtype if none is named. */
  constant(values: readonly number[], shape: readonly number[], dtype?: DType): string;
  /** A constant 1-D int64 tensor: axes, shapes, pads. */
  ints(values: readonly number[]): string;
  /** `name` under a new shape (nothing is emitted if it has that shape). */
  reshape(name: string, shape: readonly number[]): string;
  /** `name` with its axes reordered. */
  transpose(name: string, order: readonly number[]): string;
}

/**
 * Gradients of a node's inputs, in order; undefined where none flows. A gradient may still have the shape that
 * broadcasting gave: the walk sums it down to the input's shape.
 */
export type GradientRule<A = Readonly<Record<string, unknown>>> = (r: Rule<A>) => readonly (string | undefined)[];

/** One operator. `gradient: "zero"` says that nothing flows (Shape, Equal, ArgMax). */
export interface OpDef<S extends AttrSpecs = AttrSpecs> {
  readonly type: string;
  readonly domain?: string;
  readonly attrs: S;
  /** Outputs' dtypes and shapes. `outputs` is how many the node lists. */
  shape(inputs: readonly MaybeInfo[], attrs: AttrsOf<S>, outputs: number): readonly Info[];
  /**
   * Values of the (first) output from constant inputs, for shape arithmetic. Called only if every input that is there
   * has a `value` (Shape: only its shape counts). Return undefined to leave it unknown.
   */
  evaluate?(inputs: readonly MaybeInfo[], attrs: AttrsOf<S>): readonly number[] | undefined;
  /**
   * Attributes that say the same at these shapes in a form that ONNX Runtime's kernels and its shape inference agree on;
   * undefined where they do already. `outputs` is how many the node lists.
   */
  settle?(inputs: readonly MaybeInfo[], attrs: AttrsOf<S>, outputs: number): { readonly [K in keyof S]?: unknown } | undefined;
  readonly gradient: GradientRule<AttrsOf<S>> | "zero";
  /** Its integers stand for the floats that they were made from: the gradient passes straight through the rounding. */
  readonly quantizes?: true;
  /** For the generated table: what is not covered. */
  readonly note?: string;
}

/** Any operator, its schema forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: a table of operators with different schemas
export type AnyOp = OpDef<any>;

/** Declares an operator; types `attrs` of its rules by its schema. */
export function defineOp<const S extends AttrSpecs>(op: OpDef<S>): OpDef<S> {
  return op;
}
