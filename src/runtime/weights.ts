// Where a graph's weights are, as ONNX Runtime wants to know it: files that it maps itself, or bytes that it is given.

import { type Graph, isRegion, type Region, type Weight } from "../graph/types.ts";
import { readAll, readExactly, type Source } from "../source.ts";

export interface PlacedWeights {
  /** Where a region's bytes are found: a file below `folder`, or an entry of `data`. */
  place(region: Region): { location: string; offset: number };
  /** The folder on disk that mapped files are relative to; undefined where none is mapped. */
  readonly folder: string | undefined;
  /** Sources that are not on disk, read whole. */
  readonly data: readonly { path: string; data: Uint8Array }[];
  /** Bytes of weights that are mapped from files. */
  readonly mappedBytes: number;
}

/** Files on disk are mapped where the runtime can; other sources (Blobs, buffers) are read once. */
export async function placeWeights(graph: Graph, mapsFiles: boolean): Promise<PlacedWeights> {
  const regions = [...graph.initializers.values()].flatMap(({ data }) => (isRegion(data) ? [rooted(data)] : []));
  const sources = [...new Set(regions.map((region) => region.source))];
  const onDisk = (source: Source) => mapsFiles && source.path !== undefined;
  const paths = sources.filter(onDisk).map((source) => source.path as string);
  const folder = paths.length ? commonFolder(paths) : undefined;
  const locations = new Map(
    sources.map((source, i) => [source, onDisk(source) ? (source.path as string).slice((folder as string).length + 1) : `weights-${i}`]),
  );
  const data = await Promise.all(
    sources.filter((source) => !onDisk(source)).map(async (source) => ({ path: locations.get(source) as string, data: await readAll(source) })),
  );
  return {
    place: (region) => {
      const { source, offset } = rooted(region);
      return { location: locations.get(source) as string, offset };
    },
    folder,
    data,
    mappedBytes: regions.reduce((sum, { source, length }) => sum + (onDisk(source) ? length : 0), 0),
  };
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

/** The graph with all its weights in memory. @throws {BAD_MODEL} where a file ends before */
export async function readWeights(graph: Graph): Promise<Graph> {
  const read = await Promise.all([...graph.initializers].map(async ([name, weight]) => [name, await readWeight(name, weight)] as const));
  return { ...graph, initializers: new Map(read) };
}

async function readWeight(name: string, { dtype, shape, data }: Weight): Promise<Weight> {
  return { dtype, shape, data: isRegion(data) ? await readExactly(data.source, data.offset, data.length, `the weight "${name}"`) : data };
}
