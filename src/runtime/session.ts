// A graph ready to run on ONNX Runtime. Weights that lie in files on disk are mapped by ONNX Runtime itself.

import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";
import { defaultThreads, loadRuntime } from "#platform";
import { checkAborted, fail, isPellucidError } from "../errors.ts";
import { encodeOnnx } from "../graph/encode.ts";
import { type Graph, isRegion, type Region } from "../graph/types.ts";
import type { Device, Runtime } from "../platform/types.ts";
import { readAll, type Source } from "../source.ts";
import { type DType, viewAs } from "../tensor/dtype.ts";
import { formatShape, type Tensor } from "../tensor/tensor.ts";

export interface SessionOptions {
  /** Where to run. Default: `cpu` (native in Node, wasm in browsers). */
  device?: Device;
  /** Threads within an operator. Default: one a physical core. */
  threads?: number;
}

/** Tensors by name. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** A graph that ONNX Runtime has loaded. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the graph. Feeds that the graph has no input for are ignored.
   *
   * @param outputs which outputs to compute; all if left out
   * @throws {SHAPE_MISMATCH} for a feed that is missing or of the wrong shape @throws {RUNTIME} @throws {ABORTED}
   */
  run(feeds: Feeds, options?: { outputs?: readonly string[]; signal?: AbortSignal }): Promise<Record<string, Tensor>>;
  /** Frees what ONNX Runtime holds. */
  dispose(): Promise<void>;
}

/** Loads a graph into ONNX Runtime. @throws {DEVICE} @throws {RUNTIME} */
export async function createSession(graph: Graph, options: SessionOptions = {}): Promise<Session> {
  const runtime = await loadRuntime(options.device ?? "cpu");
  const session = await load(graph, runtime, options);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, { outputs = session.outputNames, signal } = {}) {
      checkAborted(signal);
      const given = Object.fromEntries(graph.inputs.map((input) => [input.name, toOrt(runtime, input, feeds[input.name])]));
      const results = await session.run(given, outputs).catch((cause) => fail("RUNTIME", `ONNX Runtime stopped: ${(cause as Error).message}`, { cause }));
      checkAborted(signal);
      return Object.fromEntries(outputs.map((name) => [name, fromOrt(results[name] as OrtTensor)]));
    },
    dispose: () => session.release(),
  };
}

async function load(graph: Graph, runtime: Runtime, options: SessionOptions): Promise<InferenceSession> {
  const weights = await placeWeights(graph, runtime);
  try {
    const bytes = encodeOnnx(graph, { external: weights.place });
    return await runtime.InferenceSession.create(bytes, {
      executionProviders: [runtime.provider],
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      ...((options.threads ?? defaultThreads) ? { intraOpNumThreads: options.threads ?? defaultThreads } : {}),
      ...(weights.data.length ? { externalData: weights.data } : {}),
      // Prepacking would copy every mapped weight.
      extra: { session: { disable_prepacking: "1", ...(weights.folder ? { model_external_initializers_file_folder_path: weights.folder } : {}) } },
    });
  } catch (cause) {
    if (isPellucidError(cause)) throw cause;
    return fail("RUNTIME", `ONNX Runtime cannot load the graph: ${(cause as Error).message}`, {
      hint: `Device ${runtime.provider} may lack an operator; try --device cpu.`,
      details: { provider: runtime.provider },
      cause,
    });
  }
}

interface PlacedWeights {
  /** Where a region's bytes are found: a file below `folder`, or an entry of `data`. */
  place(region: Region): { location: string; offset: number };
  folder: string | undefined;
  data: { path: string; data: Uint8Array }[];
}

/** Files on disk are mapped; other sources (Blobs, buffers) are read once and handed over as bytes. */
async function placeWeights(graph: Graph, runtime: Runtime): Promise<PlacedWeights> {
  const sources = new Set<Source>();
  for (const weight of graph.initializers.values()) if (isRegion(weight.data)) sources.add(weight.data.source);
  const mapped = [...sources].filter((source) => runtime.mapsFiles && source.path !== undefined);
  const folder = mapped.length ? commonFolder(mapped.map((source) => source.path as string)) : undefined;
  const locations = new Map<Source, string>();
  const data: PlacedWeights["data"] = [];
  for (const source of sources) {
    if (folder !== undefined && mapped.includes(source)) {
      locations.set(source, (source.path as string).slice(folder.length + 1));
    } else {
      const path = `weights-${locations.size}`;
      locations.set(source, path);
      data.push({ path, data: await readAll(source) });
    }
  }
  return { place: ({ source, offset }) => ({ location: locations.get(source) as string, offset }), folder, data };
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

function toOrt(runtime: Runtime, input: Graph["inputs"][number], tensor: Tensor | undefined): OrtTensor {
  const wanted = `Input "${input.name}" of the graph needs a tensor of ${input.dtype} ${formatShape(input.shape)}`;
  if (!tensor) return fail("SHAPE_MISMATCH", `${wanted}; none was given.`, { details: { input: input.name } });
  if (
    tensor.dtype !== input.dtype ||
    tensor.shape.length !== input.shape.length ||
    input.shape.some((d, i) => typeof d === "number" && d !== tensor.shape[i])
  ) {
    fail("SHAPE_MISMATCH", `${wanted}, not ${tensor.dtype} ${formatShape(tensor.shape)}.`, {
      details: { input: input.name, wanted: input.shape, given: tensor.shape },
    });
  }
  return new runtime.Tensor(tensor.dtype as "float32", tensor.data as Float32Array, tensor.shape);
}

function fromOrt(value: OrtTensor): Tensor {
  const data = value.data as unknown as { buffer: ArrayBuffer; byteOffset: number; byteLength: number };
  const dtype = value.type as DType;
  // Some bindings give half floats as Float16Array: keep the bits.
  return { dtype, shape: value.dims, data: viewAs(dtype, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) } as Tensor;
}
