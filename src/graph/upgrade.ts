// Brings graphs of other opsets to the one that Pellucid's rules are written for.

import { fail } from "../errors.ts";
import { type Attribute, type Graph, type Node, OPSET } from "./types.ts";
import { activationSteps } from "./upgrade/activation.ts";
import { experimentalSteps } from "./upgrade/experimental.ts";
import { movementSteps } from "./upgrade/movement.ts";
import { newerSteps } from "./upgrade/newer.ts";
import { normalizationSteps } from "./upgrade/normalization.ts";
import { reductionSteps } from "./upgrade/reduction.ts";
import { resizingSteps } from "./upgrade/resizing.ts";
import { createRewriter, type Known, type Rewriter, type Step } from "./upgrade/step.ts";

export type { Known };

/** The oldest and newest opsets that can be brought to `OPSET`. */
export const opsets = { oldest: 7, newest: 28 } as const;

const olderSteps = [...experimentalSteps, ...movementSteps, ...resizingSteps, ...reductionSteps, ...activationSteps, ...normalizationSteps].sort(
  (a, b) => a.since - b.since,
);

/**
 * The graph at opset `OPSET`, computing the same. Tensors keep their names; nodes may be added between them.
 *
 * @param known what is known of a tensor, by name; where it is, some forms become simpler
 * @throws {UNSUPPORTED_OPERATOR} for opsets below 7 or above 28, and forms that have no equal
 */
export function upgrade(graph: Graph, known: (name: string) => Known | undefined = () => undefined): Graph {
  const { opset } = graph;
  if (opset < opsets.oldest || opset > opsets.newest) {
    fail("UNSUPPORTED_OPERATOR", `The model is written in opset ${opset}; Pellucid reads opsets ${opsets.oldest} to ${opsets.newest}.`, {
      hint: "Convert it with onnx.version_converter (Python), or export it with another opset.",
      details: { opset, ...opsets },
    });
  }
  const steps = [...olderSteps.filter(({ since }) => since > opset), ...newerSteps.filter(({ since }) => since <= opset)];
  return rewriteGraph(graph, steps, known);
}

function rewriteGraph(graph: Graph, steps: readonly Step[], known: (name: string) => Known | undefined): Graph {
  const initializers = new Map(graph.initializers);
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  const taken = new Set([...inputs.keys(), ...initializers.keys(), ...graph.nodes.flatMap((node) => node.outputs)]);
  const writer = createRewriter(initializers, taken, (name) => known(name) ?? inputs.get(name));
  const nodes = graph.nodes.flatMap((node) => rewriteNode({ ...node, attrs: rewriteSubgraphs(node, steps, known) }, steps, writer));
  return { ...graph, nodes, initializers, opset: OPSET };
}

/** The node after all steps, each applied to what the one before made of it. */
function rewriteNode(node: Node, steps: readonly Step[], writer: Rewriter): readonly Node[] {
  let nodes: readonly Node[] = [node];
  for (const step of steps) {
    nodes = nodes.flatMap((n) => (n.domain === "" && step.ops.includes(n.op) ? step.rewrite(n, writer) : [n]));
  }
  return nodes;
}

function rewriteSubgraphs(node: Node, steps: readonly Step[], known: (name: string) => Known | undefined): Node["attrs"] {
  const entries = Object.entries(node.attrs).map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === "graph" ? { kind: "graph", value: rewriteGraph(attribute.value, steps, known) } : attribute,
  ]);
  return Object.fromEntries(entries);
}
