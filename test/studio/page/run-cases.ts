// Runs graphs on a device, and says whether all of their nodes had kernels there.

import { type DType, fromNumbers } from "pellucid";
import { bytesSource, createSession, decodeOnnx, type Feeds } from "pellucid/graph";

/** A graph and its inputs, as JSON can carry them. */
export interface SentCase {
  /** The `.onnx` file in base64. */
  readonly onnx: string;
  readonly feeds: Readonly<Record<string, SentTensor>>;
}

export interface SentTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Numbers as text: JSON has no NaN and no infinities. */
  readonly data: readonly string[];
}

export interface CaseResult {
  readonly outputs: Readonly<Record<string, readonly string[]>>;
  readonly error: string | undefined;
  /** Whether the provider took every node, none left to the CPU. */
  readonly whole: boolean;
}

export async function runCases(cases: readonly SentCase[], device: "cpu" | "webgpu"): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) results.push(await runCase(each, device));
  return results;
}

async function runCase({ onnx, feeds }: SentCase, device: "cpu" | "webgpu"): Promise<CaseResult> {
  const bytes = Uint8Array.from(atob(onnx), (c) => c.charCodeAt(0));
  const whole = device === "webgpu" && (await takesAll(bytes));
  try {
    const { graph } = await decodeOnnx(bytesSource(bytes, "case.onnx"), { name: "nothing", open: async () => undefined });
    const session = await createSession(graph, { device });
    const tensors: Feeds = Object.fromEntries(
      Object.entries(feeds).map(([name, { dtype, shape, data }]) => [name, fromNumbers(dtype, shape, data.map(Number))]),
    );
    const outputs = await session.run(tensors);
    await session.dispose();
    return { outputs: Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, Array.from(t.data, String)])), error: undefined, whole };
  } catch (error) {
    return { outputs: {}, error: (error as Error).message, whole };
  }
}

/** Whether WebGPU alone can load the graph. */
async function takesAll(bytes: Uint8Array): Promise<boolean> {
  // Loaded when needed, as the library does it: its threads load the same file again, which must hold nothing else.
  const { InferenceSession } = await import("onnxruntime-web/webgpu");
  const options = { executionProviders: ["webgpu"], logSeverityLevel: 4 as const, extra: { session: { disable_cpu_ep_fallback: "1" } } };
  const session = await InferenceSession.create(bytes, options).catch(() => undefined);
  await session?.release();
  return session !== undefined;
}
