// A graph ready to run on ONNX Runtime. Weights that lie in files on disk are mapped by ONNX Runtime itself.

import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";
import { defaultThreads, loadRuntime } from "#platform";
import { checkAborted, fail, isPellucidError } from "../errors.ts";
import { encodeOnnx } from "../graph/encode.ts";
import type { Graph, ValueInfo } from "../graph/types.ts";
import type { Device, Runtime } from "../platform/types.ts";
import { type DType, viewAs } from "../tensor/dtype.ts";
import { formatShape, type Tensor } from "../tensor/tensor.ts";
import { inTurn } from "./queue.ts";
import { placeWeights } from "./weights.ts";

export interface SessionOptions {
  /** Where to run. Default: `cpu` (native in Node, wasm in browsers). */
  device?: Device;
  /** Threads within an operator. Default: one a physical core. */
  threads?: number;
}

/** Tensors by name. */
export type Feeds = Readonly<Record<string, Tensor>>;

export interface RunOptions {
  /** Which outputs to compute; all if left out. */
  outputs?: readonly string[];
  /** Checked before and after: a run itself cannot be stopped. */
  signal?: AbortSignal;
}

/** A graph that ONNX Runtime has loaded. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the graph. Feeds that the graph has no input for are ignored. Calls at the same time run one after the other.
   *
   * @throws {SHAPE_MISMATCH} for a feed that is missing or of the wrong shape @throws {RUNTIME} @throws {ABORTED}
   */
  run(feeds: Feeds, options?: RunOptions): Promise<Record<string, Tensor>>;
  /** Frees what ONNX Runtime holds, after the runs that were asked for. */
  dispose(): Promise<void>;
}

/** Runs with the inputs in the graph's order, and gives the outputs in the graph's order. */
export async function runInOrder(session: Session, inputs: readonly Tensor[], signal?: AbortSignal): Promise<Tensor[]> {
  const feeds = Object.fromEntries(session.inputs.map((name, i) => [name, inputs[i] as Tensor]));
  const results = await session.run(feeds, { signal });
  return session.outputs.map((name) => results[name] as Tensor);
}

/** Mapped weights above this size are used in place; ONNX Runtime would keep a packed copy of every matrix. */
const PACK_LIMIT = 2 ** 25;

/** Loads a graph into ONNX Runtime. @throws {DEVICE} @throws {RUNTIME} */
export async function createSession(graph: Graph, options: SessionOptions = {}): Promise<Session> {
  const runtime = await loadRuntime(options.device ?? "cpu");
  const session = await load(graph, runtime, options);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, { outputs = session.outputNames, signal } = {}) {
      const given = Object.fromEntries(graph.inputs.map((input) => [input.name, toOrt(runtime, input, feeds[input.name])]));
      const results = await inTurn(() => {
        checkAborted(signal);
        return session.run(given, outputs).catch(failRun);
      });
      checkAborted(signal);
      return Object.fromEntries(outputs.map((name) => [name, fromOrt(results[name] as OrtTensor)]));
    },
    dispose: () => inTurn(() => session.release()),
  };
}

async function load(graph: Graph, runtime: Runtime, options: SessionOptions): Promise<InferenceSession> {
  const weights = await placeWeights(graph, runtime.mapsFiles);
  const threads = options.threads ?? defaultThreads;
  const bytes = encodeOnnx(weights.graph, { external: weights.place });
  const create = () =>
    runtime.InferenceSession.create(bytes, {
      executionProviders: [runtime.provider],
      graphOptimizationLevel: "all",
      // A pattern would keep a second block as large as all tensors together, and saves no time that can be measured.
      enableMemPattern: false,
      // Errors are thrown; ONNX Runtime would print them as well.
      logSeverityLevel: 4,
      ...(threads ? { intraOpNumThreads: threads } : {}),
      ...(weights.data.length ? { externalData: weights.data } : {}),
      extra: {
        session: {
          ...(weights.mappedBytes > PACK_LIMIT ? { disable_prepacking: "1" } : {}),
          ...(weights.folder === undefined ? {} : { model_external_initializers_file_folder_path: weights.folder }),
        },
      },
    });
  return inTurn(create).catch((cause) =>
    fail("RUNTIME", `ONNX Runtime cannot load the graph: ${(cause as Error).message}`, {
      hint: loadHint(options.device ?? "cpu", (cause as Error).message),
      details: { provider: runtime.provider, graph: graph.name },
      cause,
    }),
  );
}

function loadHint(device: Device, message: string): string | undefined {
  if (device === "cpu") return undefined;
  const missing = /librar|\.so\b|\.dll\b|\.dylib\b/i.test(message);
  return missing ? `What device ${device} needs is not installed: install it, or use cpu.` : `Device ${device} may lack an operator; try cpu.`;
}

function failRun(cause: unknown): never {
  if (isPellucidError(cause)) throw cause;
  const { message } = cause as Error;
  return fail("RUNTIME", `ONNX Runtime stopped: ${message}`, {
    hint: /alloc|memory/i.test(message)
      ? "There is not enough memory: take a smaller batch or smaller pictures."
      : "If the model runs in ONNX Runtime without Pellucid, please report this.",
    cause,
  });
}

function toOrt(runtime: Runtime, input: ValueInfo, tensor: Tensor | undefined): OrtTensor {
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
