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

/** The block of each layer, for blocks of at least two layers: by what names begin with, or by what they end with, whichever groups more. */
export function blocksOf(layers: readonly StudioLayer[]): ReadonlyMap<string, string> {
  const names = layers.map(({ name }) => name);
  const shared = sharedPrefix(names).length;
  const [byBeginning, byEnd] = [groups(names, (name) => beginning(name.slice(shared))), groups(names, end)];
  return byEnd.size > 2 * byBeginning.size ? byEnd : byBeginning;
}

/** Layers further apart than this are not of one block, whatever they are called. */
const GAP = 8;

/** Groups of at least two layers that lie together; a name that comes again elsewhere in the network is left alone there. */
function groups(names: readonly string[], blockName: (name: string) => string): ReadonlyMap<string, string> {
  const runs = new Map<string, number[][]>();
  names.forEach((name, i) => {
    const own = runs.get(blockName(name)) ?? [];
    const last = own.at(-1);
    if (last && i - (last.at(-1) as number) <= GAP) last.push(i);
    else own.push([i]);
    runs.set(blockName(name), own);
  });
  runs.delete("");
  return new Map([...runs].flatMap(([block, own]) => longest(own).map((i) => [names[i] as string, block] as const)));
}

/** The longest of these runs; none where that is a single layer. */
function longest(runs: readonly number[][]): readonly number[] {
  const run = runs.reduce((most, each) => (each.length > most.length ? each : most), []);
  return run.length > 1 ? run : [];
}

/** `block1_conv2` → block1, `features.10` → features, `/layer1/0/conv` → layer1, `mixed4_b1` → mixed4; else nothing. */
function beginning(name: string): string {
  const path = name.replace(/^\//, "").match(/^([^/.]+)[/.]/);
  if (path) return path[1] as string;
  const block = name.match(/^(conv\d+_block\d+|[a-z]+_?\d+[a-z]?)_/i)?.[1] ?? "";
  // Keras's own names of layers: conv2d_7 is no part of a block conv2d.
  return /\dd$/.test(block) ? "" : block;
}

/** NASNet's cells: `normal_add_1_7` and `separable_conv_2_normal_left1_7` → _7, `…_reduce_4` → _reduce_4. */
function end(name: string): string {
  return name.match(/_(?:stem_|reduce_)?\d+$/)?.[0] ?? "";
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
