// What a change of an operator between two opsets looks like, and what a rewrite can do.

import { bytesOf, type DType } from "../../tensor/dtype.ts";
import { fromNumbers } from "../../tensor/tensor.ts";
import type { Attribute, Node, Weight } from "../types.ts";

/** What is known of a tensor. */
export interface Known {
  readonly dtype: DType;
  readonly shape: readonly unknown[];
}

/** What a rewrite works with. */
export interface Rewriter {
  /** A constant 1-D int64 tensor; returns its name, made from `base`. */
  ints(base: string, values: readonly number[]): string;
  /** A constant tensor. */
  constant(base: string, dtype: DType, shape: readonly number[], values: readonly number[]): string;
  /** A name that no tensor has. */
  unique(base: string): string;
  /** The constant of this name, if it is one. */
  weight(name: string): Weight | undefined;
  /** What is known of a tensor of the graph, if anything. */
  known(name: string): Known | undefined;
}

/** A change of operators that came with opset `since`: nodes of the older form are rewritten. */
export interface Step {
  readonly since: number;
  readonly ops: readonly string[];
  rewrite(node: Node, writer: Rewriter): readonly Node[];
}

/** A rewriter that puts its constants into `initializers`. */
export function createRewriter(initializers: Map<string, Weight>, taken: Set<string>, known: (name: string) => Known | undefined): Rewriter {
  const unique = (base: string) => {
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
    taken.add(name);
    return name;
  };
  const constant = (base: string, dtype: DType, shape: readonly number[], values: readonly number[]) => {
    const name = unique(base);
    initializers.set(name, { dtype, shape, data: bytesOf(fromNumbers(dtype, shape, values).data) });
    return name;
  };
  return {
    unique,
    constant,
    ints: (base, values) => constant(base, "int64", [values.length], values),
    weight: (name) => initializers.get(name),
    known: (name) => known(name) ?? initializers.get(name),
  };
}

/** The node without some of its attributes. */
export function without(node: Node, ...names: readonly string[]): Node {
  return { ...node, attrs: Object.fromEntries(Object.entries(node.attrs).filter(([name]) => !names.includes(name))) };
}

/** The node with more attributes, or other values of them. */
export function withAttrs(node: Node, attrs: Readonly<Record<string, Attribute>>): Node {
  return { ...node, attrs: { ...node.attrs, ...attrs } };
}

/** A new node with one output, which gives the node its name. */
export function newNode(op: string, inputs: readonly string[], output: string, attrs: Readonly<Record<string, Attribute>> = {}): Node {
  return { op, domain: "", name: output, inputs, outputs: [output], attrs };
}

/** The tensor that a node makes. */
export function outputOf(node: Node): string {
  return node.outputs[0] ?? "";
}
