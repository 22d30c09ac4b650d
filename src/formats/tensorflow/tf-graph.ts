// A TensorFlow graph that was read, and what is written of it.

import type { Weight } from "../../graph/types.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { AxesWriter } from "../keras/layers/axes.ts";
import type { Value } from "../keras/layers/value.ts";
import type { GraphNode, OutputRef } from "./graph-def.ts";
import { findTfOp } from "./table.ts";

/** A graph that was read, with all that its nodes need. */
export interface TfGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Placeholders by name. */
  readonly inputs: ReadonlyMap<string, DType>;
  readonly outputs: readonly OutputRef[];
  /** Whether it was made for pictures with their channels first. */
  readonly channelsFirst: boolean;
  /** Values of the Const nodes, in the types that the graph computes with. */
  readonly constants: ReadonlyMap<string, Weight>;
  /** Names of nodes as users see them. */
  readonly names: ReadonlyMap<string, string>;
}

/** What was written so far. */
export interface Written {
  readonly graph: TfGraph;
  readonly order: readonly GraphNode[];
  readonly axes: AxesWriter;
  readonly values: ReadonlyMap<string, readonly Value[]>;
}

/** The name of an output: its node's. */
export function outputName(graph: TfGraph, { node, output }: OutputRef): string {
  const name = graph.names.get(node) as string;
  return output === 0 ? name : `${name}:${output}`;
}

/** Whether a node makes something out of its inputs, instead of passing them on. */
export function computes({ inputs, constants }: TfGraph, node: GraphNode): boolean {
  return !inputs.has(node.name) && !constants.has(node.name) && !findTfOp(node).passes;
}
