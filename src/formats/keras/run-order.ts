// The order in which Keras runs a functional model's calls. It matters only where one call takes something away from others.

import { type Call, type KerasModel, tensorsOfCall } from "./ir.ts";

/** One call of a layer. */
export interface LayerCall {
  readonly layer: KerasModel["layers"][number];
  readonly node: number;
}

const keyOf = ({ layer, node }: { readonly layer: string; readonly node: number }) => `${layer}:${node}`;

/**
 * From the inputs to the outputs by depth, as `Function` of Keras goes through its nodes: the depth of a call is one more
 * than that of the deepest one that reads it. Calls that no output needs come last.
 *
 * @param calls all calls, each behind those that it reads
 */
export function runOrder(model: KerasModel, calls: readonly LayerCall[]): LayerCall[] {
  const known = new Map(calls.map((call) => [keyOf({ layer: call.layer.name, node: call.node }), call]));
  const parents = (key: string) => {
    const call = known.get(key);
    return call ? [...new Set(tensorsOfCall(call.layer.calls[call.node] as Call).map(keyOf))] : [];
  };
  const depths = new Map<string, number>();
  const layerDepths = new Map<string, number>();
  for (const key of fromInputs(model.outputs.map(keyOf), parents).reverse()) {
    const layer = known.get(key)?.layer.name ?? key;
    const depth = Math.max(depths.get(key) ?? 0, layerDepths.get(layer) ?? 0);
    layerDepths.set(layer, depth);
    depths.set(key, depth);
    for (const parent of parents(key)) depths.set(parent, Math.max(depth + 1, depths.get(parent) ?? 0));
  }
  const run = [...depths].sort(([, a], [, b]) => b - a).flatMap(([key]) => known.get(key) ?? []);
  const reached = new Set(run);
  return [...run, ...calls.filter((call) => !reached.has(call))];
}

/** What `ends` need, each behind its parents, as a depth-first walk comes by. */
function fromInputs(ends: readonly string[], parents: (key: string) => readonly string[]): string[] {
  const done = new Set<string>();
  for (const end of ends) {
    const stack = [{ key: end, waiting: [...parents(end)] }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = done.has(top.key) ? undefined : top.waiting.shift();
      if (next === undefined) {
        done.add(top.key);
        stack.pop();
      } else if (!done.has(next)) stack.push({ key: next, waiting: [...parents(next)] });
    }
  }
  return [...done];
}
