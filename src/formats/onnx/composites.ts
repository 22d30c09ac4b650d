// Activation functions that an exporter wrote out as several nodes: x · sigmoid(x), x · ½(1 + erf(x/√2)) …

import type { Node } from "../../graph/types.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import type { Flow } from "./flow.ts";

/** Several nodes that together are one activation. */
export interface Composite {
  /** The ONNX operator that does the same: `Swish`, `Gelu`, `HardSwish`, `Mish`. */
  readonly kind: string;
  /** The tensor that goes in. */
  readonly input: string;
  /** In the graph's order; the last one makes the output. */
  readonly nodes: readonly Node[];
}

const elementwise = new Set([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Pow",
  "Erf",
  "Sigmoid",
  "Tanh",
  "Softplus",
  "HardSigmoid",
  "Clip",
  "Relu6",
  "Min",
  "Max",
  "Relu",
  "Exp",
  "Log",
]);

/** No activation is written in more nodes. */
const LONGEST = 9;

/** The composites of a graph, by their last node. */
export function findComposites(flow: Flow): Map<Node, Composite> {
  const found = new Map<Node, Composite>();
  for (const node of flow.graph.nodes) {
    const composite = node.op === "Mul" || node.op === "Div" ? compositeAt(node, flow) : undefined;
    if (!composite) continue;
    // The longest wins: ½ · (x · (1 + erf(x))) holds x · (1 + erf(x)).
    for (const inner of composite.nodes) found.delete(inner);
    found.set(node, composite);
  }
  return found;
}

function compositeAt(last: Node, flow: Flow): Composite | undefined {
  for (const input of candidates(last, flow)) {
    const nodes = nodesBetween(input, last, flow);
    const kind = nodes && kindOf(nodes, input);
    if (nodes && kind) return { kind, input, nodes };
  }
  return undefined;
}

/** Tensors above `last` that are read more than once. */
function candidates(last: Node, flow: Flow): string[] {
  const found: string[] = [];
  const queue = [last];
  for (const node of queue) {
    if (queue.length > LONGEST * 2) break;
    for (const name of node.inputs) {
      if (name === "" || flow.isConstant(name)) continue;
      if (flow.readers(name).length > 1) found.push(name);
      const maker = flow.maker(name);
      if (maker && elementwise.has(maker.op)) queue.push(maker);
    }
  }
  return found;
}

/** The nodes from `input` to `last`, if all are elementwise, read nothing else but constant numbers, and no one else reads them. */
function nodesBetween(input: string, last: Node, flow: Flow): Node[] | undefined {
  const nodes = new Set([last]);
  for (const node of nodes) {
    if (!elementwise.has(node.op) || nodes.size > LONGEST) return undefined;
    for (const name of node.inputs) {
      if (name === input || name === "" || isNumber(name, flow)) continue;
      const maker = flow.maker(name);
      if (!maker) return undefined;
      nodes.add(maker);
    }
  }
  const inner = [...nodes].filter((node) => node !== last);
  const isOutput = (name: string) => flow.graph.outputs.some((output) => output.name === name);
  const leaks = inner.some((node) => node.outputs.some((name) => isOutput(name) || flow.readers(name).some((reader) => !nodes.has(reader))));
  return leaks || nodes.size < 2 ? undefined : flow.graph.nodes.filter((node) => nodes.has(node));
}

function isNumber(name: string, flow: Flow): boolean {
  return flow.isConstant(name) && flow.roots(name).every((root) => sizeOf(flow.graph.initializers.get(root)?.shape ?? []) === 1);
}

function kindOf(nodes: readonly Node[], input: string): string | undefined {
  const gated = nodes.filter((node) => node.inputs.includes(input)).length > 1;
  const has = (op: string) => nodes.some((node) => node.op === op);
  if (!gated) return undefined;
  if (has("Erf")) return "Gelu";
  if (has("Tanh")) return has("Softplus") || has("Exp") ? "Mish" : has("Pow") || nodes.length > 5 ? "Gelu" : undefined;
  if (has("Sigmoid")) return "Swish";
  return has("HardSigmoid") || has("Clip") || has("Min") ? "HardSwish" : undefined;
}
