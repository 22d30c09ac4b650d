// The ONNX graph as plain typed objects. Everything is readonly: a change makes a new graph that shares the rest.

import type { Source } from "../source.ts";
import type { DType } from "../tensor/dtype.ts";

/** A size, a symbol ("batch") or unknown. */
export type Dim = number | string | null;

/** Bytes `offset … offset + length` of a file: a weight that is never read into JavaScript. */
export interface Region {
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
}

/** A constant tensor: little-endian bytes, or where they lie. */
export interface Weight {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | Region;
}

/** An attribute with its ONNX kind. */
export type Attribute =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: Weight }
  | { readonly kind: "graph"; readonly value: Graph };

export interface Node {
  /** Operator type as ONNX spells it: `Conv`. */
  readonly op: string;
  /** "" for the standard operators. */
  readonly domain: string;
  readonly name: string;
  /** Tensor names; "" stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attrs: Readonly<Record<string, Attribute>>;
}

/** A node for messages: `Conv "conv1"`; by the tensor that it makes where it has no name. */
export function nameNode({ op, domain, name, outputs }: Pick<Node, "op" | "domain" | "name" | "outputs">): string {
  return `${domain ? `${domain}.` : ""}${op} "${name || (outputs[0] ?? "")}"`;
}

/** A graph input or output. */
export interface ValueInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Dim[];
}

export interface Graph {
  readonly name: string;
  /** In topological order. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, Weight>;
  /** Version of the standard operators. */
  readonly opset: number;
  /** Versions of other domains, e.g. `com.microsoft`. */
  readonly domains: Readonly<Record<string, number>>;
}

/** The one opset that all graphs are brought to on reading, and that gradients are written in. */
export const OPSET = 21;

/** Bytes of a source as a Region of the outermost file that they lie in, so that ONNX Runtime can map them. */
export function regionOf(source: Source, offset: number, length: number): Region {
  const { within } = source;
  return within ? { source: within.source, offset: within.offset + offset, length } : { source, offset, length };
}

export function isRegion(data: Uint8Array | Region): data is Region {
  return "source" in data;
}

/** Bytes that a weight takes. */
export function weightBytes(weight: Weight): number {
  return isRegion(weight.data) ? weight.data.length : weight.data.byteLength;
}
