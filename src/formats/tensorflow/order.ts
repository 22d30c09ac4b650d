// Which nodes outputs need, each behind those that it reads.

import { fail } from "../../errors.ts";
import type { GraphNode } from "./graph-def.ts";

/**
 * The nodes that `outputs` depend on, in an order in which they can be computed. A loop's way back is not followed: that
 * loops cannot be read is for the table of operators to say.
 *
 * @throws {BAD_MODEL} for a circle
 */
export function neededNodes(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): readonly GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<string, "open" | "done">();
  const stack = outputs.map((name) => nodes.get(name) as GraphNode);
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    const waiting = state.get(node.name) === "done" || node.op === "NextIteration" ? [] : node.inputs.filter((input) => state.get(input.node) !== "done");
    if (waiting.length === 0) {
      if (state.get(node.name) !== "done") order.push(node);
      state.set(node.name, "done");
      stack.pop();
    } else {
      if (state.get(node.name) === "open") fail("BAD_MODEL", `Node "${node.name}" of the graph reads its own output.`, { details: { node: node.name } });
      state.set(node.name, "open");
      stack.push(...waiting.map((input) => nodes.get(input.node) as GraphNode));
    }
  }
  return order;
}
