// Where a graph's weights are, as ONNX Runtime wants to know it: files that it maps itself, or bytes that it is given.

import { type Graph, isRegion, type Region, type Weight } from "../graph/types.ts";
import { readAll, readExactly } from "../source.ts";

export interface PlacedWeights {
  /** The graph; weights that could not be placed are in memory now. */
  readonly graph: Graph;
  /** Where a region's bytes are found: a file below `folder`, or an entry of `data`. */
  place(region: Region): { location: string; offset: number };
  /** The folder on disk that mapped files are relative to; undefined where none is mapped. */
  readonly folder: string | undefined;
  /** Sources that are not on disk, read whole. */
  readonly data: readonly { path: string; data: Uint8Array }[];
  /** Bytes of weights that are mapped from files. */
  readonly mappedBytes: number;
}

/**
 * Files on disk are mapped where the runtime can; other sources (Blobs, buffers) are handed over as bytes. ONNX Runtime
 * does not take both at once: then only files are mapped, and the other weights become a part of the graph.
 */
export async function placeWeights(graph: Graph, mapsFiles: boolean): Promise<PlacedWeights> {
  const onDisk = ({ source }: Region) => mapsFiles && source.path !== undefined;
  const mapped = regionsOf(graph).filter(onDisk);
  if (mapped.length === 0) return handOver(graph);
  const folder = commonFolder(mapped.map(({ source }) => source.path as string));
  return {
    graph: await readWeights(graph, (region) => !onDisk(rooted(region))),
    place: (region) => {
      const { source, offset } = rooted(region);
      return { location: (source.path as string).slice(folder.length + 1), offset };
    },
    folder,
    data: [],
    mappedBytes: mapped.reduce((sum, { length }) => sum + length, 0),
  };
}

async function handOver(graph: Graph): Promise<PlacedWeights> {
  const sources = [...new Set(regionsOf(graph).map(({ source }) => source))];
  const locations = new Map(sources.map((source, i) => [source, `weights-${i}`]));
  return {
    graph,
    place: (region) => {
      const { source, offset } = rooted(region);
      return { location: locations.get(source) as string, offset };
    },
    folder: undefined,
    data: await Promise.all(sources.map(async (source) => ({ path: locations.get(source) as string, data: await readAll(source) }))),
    mappedBytes: 0,
  };
}

function regionsOf(graph: Graph): Region[] {
  return [...graph.initializers.values()].flatMap(({ data }) => (isRegion(data) ? [rooted(data)] : []));
}

/** The region within the whole file, where its source is a part of one. */
function rooted({ source, offset, length }: Region): Region {
  return source.within ? { source: source.within.source, offset: source.within.offset + offset, length } : { source, offset, length };
}

/** The deepest folder that holds all of these absolute paths. */
export function commonFolder(paths: readonly string[]): string {
  const split = paths.map((path) => path.split(/[\\/]/).slice(0, -1));
  const first = split[0] as string[];
  let depth = first.length;
  for (const parts of split) while (!parts.slice(0, depth).every((part, i) => part === first[i]) || parts.length < depth) depth--;
  const separator = paths[0]?.includes("\\") ? "\\" : "/";
  return first.slice(0, depth).join(separator);
}

/**
 * The graph with its weights in memory.
 *
 * @param which the regions to read. Default: all
 * @throws {BAD_MODEL} where a file ends before
 */
export async function readWeights(graph: Graph, which: (region: Region) => boolean = () => true): Promise<Graph> {
  const read = await Promise.all([...graph.initializers].map(async ([name, weight]) => [name, await readWeight(name, weight, which)] as const));
  return { ...graph, initializers: new Map(read) };
}

async function readWeight(name: string, weight: Weight, which: (region: Region) => boolean): Promise<Weight> {
  const { dtype, shape, data } = weight;
  if (!isRegion(data) || !which(data)) return weight;
  return { dtype, shape, data: await readExactly(data.source, data.offset, data.length, `the weight "${name}"`) };
}
