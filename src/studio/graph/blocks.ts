// Groups layers into blocks that can be folded, by the names that they carry.

import type { StudioLayer } from "../engine/protocol.ts";

/** What is drawn: a layer, or a folded block in place of its layers. */
export interface Box {
  readonly name: string;
  readonly layers: readonly StudioLayer[];
  readonly folded: boolean;
  /** The unfolded block that it stands in. */
  readonly block: string | undefined;
  /** Where along the network it stands, 0..1. */
  readonly depth: number;
}

export interface BoxGraph {
  readonly boxes: readonly Box[];
  /** Pairs of box names, each once. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** Unfolded blocks, in order. */
  readonly blocks: readonly string[];
}

/** The block of each layer, for blocks of at least two layers. */
export function blocksOf(layers: readonly StudioLayer[]): ReadonlyMap<string, string> {
  const shared = sharedPrefix(layers.map(({ name }) => name));
  const block = (name: string) => blockName(name.slice(shared.length));
  const sizes = new Map<string, number>();
  for (const { name } of layers) sizes.set(block(name), (sizes.get(block(name)) ?? 0) + 1);
  return new Map(layers.flatMap(({ name }) => (block(name) !== "" && (sizes.get(block(name)) as number) > 1 ? [[name, block(name)] as const] : [])));
}

/** `block1_conv2` → block1, `features.10` → features, `/layer1/0/conv` → layer1, `mixed4_b1` → mixed4; else nothing. */
function blockName(name: string): string {
  const path = name.replace(/^\//, "").match(/^([^/.]+)[/.]/);
  if (path) return path[1] as string;
  return name.match(/^(conv\d+_block\d+|[a-z]+_?\d+[a-z]?)_/i)?.[1] ?? "";
}

/** A path that nearly all names begin with, as that of one nested model: it groups nothing. */
function sharedPrefix(names: readonly string[]): string {
  const [first = ""] = names.filter((name) => name.includes("/")).map((name) => name.match(/^\/?[^/]+\//)?.[0] ?? "");
  return first !== "" && names.filter((name) => name.startsWith(first)).length > 0.8 * names.length ? first : "";
}

/** The graph with these blocks folded. */
export function foldGraph(layers: readonly StudioLayer[], folded: ReadonlySet<string>): BoxGraph {
  const blocks = blocksOf(layers);
  const boxOf = (name: string) => (folded.has(blocks.get(name) ?? "") ? (blocks.get(name) as string) : name);
  const boxes = new Map<string, Box>();
  layers.forEach((layer, i) => {
    const name = boxOf(layer.name);
    const before = boxes.get(name)?.layers ?? [];
    const isFolded = name !== layer.name || folded.has(blocks.get(layer.name) ?? "");
    const block = isFolded ? undefined : blocks.get(layer.name);
    boxes.set(name, { name, layers: [...before, layer], folded: isFolded, block, depth: boxes.get(name)?.depth ?? i / Math.max(1, layers.length - 1) });
  });
  const edges = new Map<string, readonly [string, string]>();
  for (const { name, inputs } of layers) {
    for (const from of inputs.map(boxOf)) {
      const to = boxOf(name);
      if (from !== to && boxes.has(from)) edges.set(JSON.stringify([from, to]), [from, to]);
    }
  }
  const unfolded = [...new Set([...boxes.values()].flatMap(({ block }) => block ?? []))];
  return { boxes: [...boxes.values()], edges: [...edges.values()], blocks: unfolded };
}
