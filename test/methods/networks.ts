// The small networks of tools/reference/methods.py, and what PyTorch says of them.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type FilterOptions, float32, type GradCamOptions, type Model, type OpenOptions, openModel, type PresetName, type Tensor } from "../../src/index.ts";

export type NetworkName = "plain" | "residual" | "binary";

export interface Expected {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly cams: readonly { options: Omit<GradCamOptions, "target"> & { target: number | null }; classes: number[]; shape: number[]; maps: number[] }[];
  readonly gradients: { readonly index: number; readonly image: number[]; readonly "features.2": number[] };
  readonly ascents: readonly Ascent[];
}

interface Ascent {
  readonly preset: PresetName;
  readonly options: Pick<FilterOptions, "steps" | "seed" | "normalize"> & { layer: string; filter: number; step_size?: number; limits?: [number, number] };
  readonly activations: readonly number[];
  readonly image: readonly number[];
}

export function networkPath(name: NetworkName): string {
  return fileURLToPath(new URL(`../reference/methods/${name}.onnx`, import.meta.url));
}

export function openNetwork(name: NetworkName, options?: OpenOptions): Promise<Model> {
  return openModel(networkPath(name), options);
}

export async function readExpected(name: NetworkName): Promise<Expected> {
  return JSON.parse(await readFile(networkPath(name).replace(/onnx$/, "json"), "utf8"));
}

/** The two pictures that PyTorch's answers are for. */
export async function readInput(name: NetworkName): Promise<Tensor<"float32">> {
  return float32([2, 3, 12, 12], (await readExpected(name)).input);
}

/** The largest difference between two lists. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Number.isNaN(x) ? Number.POSITIVE_INFINITY : Math.abs(x - (b[i] as number))), 0);
}
