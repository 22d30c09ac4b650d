// Names for layers, as the people who built the model know them.

import type { Node } from "../../graph/types.ts";
import { isWeighted, type LayerDraft } from "./drafts.ts";
import type { Flow } from "./flow.ts";
import { containersOf, layerOfWeight, type Scope } from "./scopes.ts";

/**
 * A unique name for every layer, in order: from its weights (`features.10.weight`), its module or scope
 * (`/features/features.10/Conv`), the node's own name, the name of the tensor that it makes, else from the operator.
 */
export function layerNames(drafts: readonly LayerDraft[], flow: Flow, scopes: ReadonlyMap<Node, Scope>, prefix: string): string[] {
  const heads = headsOf(drafts, flow, scopes);
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return drafts.map((draft) => {
    const scope = scopes.get(draft.main);
    const name =
      fromWeights(draft, flow, prefix) ??
      draft.module ??
      fromOtherWeights(draft, flow, prefix) ??
      (scope && fromScope(draft, scope, heads)) ??
      fromNode(draft) ??
      counted(draft.kind, counts);
    return unique(name, taken);
  });
}

/** From the name that the weights have where the layer reads them. */
function fromWeights({ main }: LayerDraft, flow: Flow, prefix: string): string | undefined {
  return isWeighted(main, flow) ? layerOfWeight(main.inputs[1] ?? "", prefix) : undefined;
}

/** From the bias, or the weights behind a Transpose or DequantizeLinear: less sure, since equal tensors may be shared. */
function fromOtherWeights({ main, nodes }: LayerDraft, flow: Flow, prefix: string): string | undefined {
  if (!isWeighted(main, flow)) return undefined;
  const biases = nodes.flatMap((node) => node.inputs.slice(node === main ? 2 : 0)).filter((name) => flow.isConstant(name));
  const names = [...biases, ...flow.roots(main.inputs[1] ?? "")];
  return names.map((name) => layerOfWeight(name, prefix)).find((layer) => layer !== undefined);
}

/** The layers that bear the bare name of their scope: the one with weights, or the only one in it. */
function headsOf(drafts: readonly LayerDraft[], flow: Flow, scopes: ReadonlyMap<Node, Scope>): Set<LayerDraft> {
  const byPath = new Map<string, LayerDraft[]>();
  for (const draft of drafts) {
    const scope = scopes.get(draft.main);
    if (scope && !draft.module) byPath.get(scope.path)?.push(draft) ?? byPath.set(scope.path, [draft]);
  }
  const containers = containersOf(scopes.values());
  const heads = [...byPath].flatMap(([path, members]) => {
    const head = members.find(({ main }) => isWeighted(main, flow)) ?? (members.length === 1 && !containers.has(path) ? members[0] : undefined);
    return head && path !== "" ? [head] : [];
  });
  return new Set(heads);
}

function fromScope(draft: LayerDraft, { path, own, separator }: Scope, heads: ReadonlySet<LayerDraft>): string {
  if (heads.has(draft) || own === "") return path;
  return path === "" ? own : `${path}${separator}${own}`;
}

/** The node's name, else that of its tensor, unless it is a mere number. */
function fromNode({ main, output }: LayerDraft): string | undefined {
  return [main.name.replace(/_fwd$/, ""), output].find((name) => name !== "" && !/^\d+$|::/.test(name));
}

/** `conv_1`, `conv_2` … */
function counted(kind: string, counts: Map<string, number>): string {
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  return `${kind.toLowerCase()}_${count}`;
}

function unique(base: string, taken: Set<string>): string {
  let name = base;
  for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
  taken.add(name);
  return name;
}
