// Weights as Keras 3's `.keras` and `.weights.h5` hold them: `layers/conv2d_1/vars/0`, by class and number, not by name.

import { fail } from "../../errors.ts";
import type { Weight } from "../../graph/types.ts";
import { toWeight } from "../../ops/weights.ts";
import { readAll, type SourceFolder } from "../../source.ts";
import { float32 } from "../../tensor/tensor.ts";
import { type KerasLayer, type KerasModel, lookUp } from "./ir.ts";
import { weightSpecs } from "./weight-slots.ts";
import type { LayerWeight, ModelWeights } from "./weights.ts";

/** A dataset by path; undefined if there is none. */
export type FindWeight = (path: string) => Promise<Weight | undefined>;

/** What holds the layers of a model: `layers`, or TensorFlow 2.12 to 2.14's longer word. */
export type Container = "layers" | "_layer_checkpoint_dependencies";

export interface VarsOptions {
  readonly container: Container;
  /** The archive that text files lie in. */
  readonly assets?: SourceFolder | undefined;
}

/** The weights of a model's layers. What is not there stays out. */
export async function readVars(model: KerasModel, find: FindWeight, { container, assets }: VarsOptions): Promise<ModelWeights> {
  const weights = new Map<KerasLayer, LayerWeight[]>();
  const reading = { weights, find, container, assets, twice: false };
  await readModelVars(model, "", container === "layers" ? reading : { ...reading, twice: await countsTwice(model, "", reading) });
  return weights;
}

/**
 * Whether layers with weights are counted twice, as TensorFlow 2.12 and 2.13 do, whose list of a model's layers has these
 * twice: the second Conv2D is then `conv2d_2`. The first two layers of one class tell, if they have weights.
 */
async function countsTwice(model: KerasModel, path: string, reading: Reading): Promise<boolean> {
  for (const { layer, name, place } of placesOf(model, path, reading)) {
    if (name.endsWith("_1") && hasWeights(layer)) {
      const found = new Map<KerasLayer, LayerWeight[]>();
      await readLayerVars(layer, place, { ...reading, weights: found });
      return found.size === 0;
    }
    if (layer.model && (await countsTwice(layer.model, place, reading))) return true;
  }
  return false;
}

/** Whether a layer has weights, its own or those of layers within it. */
function hasWeights(layer: KerasLayer): boolean {
  return weightSpecs(layer).length > 0 || [...(layer.model?.layers ?? []), ...(layer.wrapped ?? [])].some(hasWeights);
}

interface Reading {
  readonly weights: Map<KerasLayer, LayerWeight[]>;
  readonly find: FindWeight;
  readonly container: Container;
  readonly assets: SourceFolder | undefined;
  /** Whether layers with weights are counted twice. */
  readonly twice: boolean;
}

async function readModelVars(model: KerasModel, path: string, reading: Reading): Promise<void> {
  for (const { layer, place } of placesOf(model, path, reading)) await readLayerVars(layer, place, reading);
}

/** Where the layers of a model are: `layers/conv2d`, `layers/conv2d_1` … */
function placesOf(model: KerasModel, path: string, { container, twice }: Reading): { layer: KerasLayer; name: string; place: string }[] {
  const layers = model.layers.filter((layer) => !layer.operator);
  const names = numbered(layers, (layer) => (twice && hasWeights(layer) ? 2 : 1));
  return layers.map((layer, i) => ({ layer, name: names[i] as string, place: `${path}/${container}/${names[i]}` }));
}

/** The names of layers that lie side by side: their classes', counted from the second on. @param step how much a layer counts */
function numbered(layers: readonly KerasLayer[], step: (layer: KerasLayer) => number = () => 1): string[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const name = snakeCase(layer.className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + step(layer));
    return count === 0 ? name : `${name}_${count}`;
  });
}

async function readLayerVars(layer: KerasLayer, path: string, reading: Reading): Promise<void> {
  if (layer.model) await readModelVars(layer.model, path, reading);
  const counts = new Map<string, number>();
  const list: LayerWeight[] = [];
  for (const [index, spec] of weightSpecs(layer).entries()) {
    const { holder = "", merged } = spec;
    if (merged) continue;
    if (spec.key || spec.asset) {
      const weight = spec.asset ? await readAsset(reading, `assets${path}/${spec.asset}`) : await reading.find(`${path}/vars/${spec.key}`);
      if (weight) list[index] = { weight };
      continue;
    }
    const number = counts.get(holder) ?? 0;
    counts.set(holder, number + 1);
    // Parts of attention layers are private attributes in tf.keras and of some layers of Keras 3.
    // A cell in a stack is the holder itself.
    const places = holder ? [`${path}/${holder}`, `${path}/_${holder}`, ...(layer.className.endsWith("Cell") ? [path] : [])] : [path];
    const weight = await findFirst(
      reading,
      places.map((place) => `${place}/vars/${number}`),
    );
    if (weight) list[index] = { weight };
  }
  if (list.length > 0) reading.weights.set(layer, list);
  const parts = partsOf(layer);
  for (const [i, inner] of (layer.wrapped ?? []).entries()) await readLayerVars(inner, `${path}/${parts[i]}`, reading);
}

/** Numbers of a text file, one a line. @throws {BAD_MODEL} */
async function readAsset({ assets }: Reading, path: string): Promise<Weight | undefined> {
  const source = await assets?.open(path);
  if (!source) return undefined;
  const lines = new TextDecoder()
    .decode(await readAll(source))
    .trimEnd()
    .split(/\r?\n/);
  const numbers = lines.map((line) =>
    /^-?\d+$/.test(line) ? Number(line) : fail("BAD_MODEL", `${path} holds "${line.slice(0, 80)}", which is no whole number.`),
  );
  return toWeight(float32([numbers.length], numbers));
}

/** Where what a layer holds lies within it. */
function partsOf({ kind, wrapped = [] }: KerasLayer): readonly string[] {
  if (kind === "Bidirectional") return ["forward_layer", "backward_layer"];
  if (kind !== "StackedRNN") return ["layer"];
  return numbered(wrapped).map((name) => `cell/cells/${name}`);
}

async function findFirst({ find }: Reading, paths: readonly string[]): Promise<Weight | undefined> {
  for (const path of paths) {
    const weight = await find(path);
    if (weight) return weight;
  }
  return undefined;
}

/** Classes that are saved under another name than they have in Python. */
const PYTHON_NAMES: Readonly<Record<string, string>> = { GroupQueryAttention: "GroupedQueryAttention" };

/** Keras's name for a class in paths: `SeparableConv2D` → `separable_conv2d`, `PReLU` → `p_re_lu`. */
export function snakeCase(className: string): string {
  const plain = className.slice(className.lastIndexOf(">") + 1);
  return (lookUp(PYTHON_NAMES, plain) ?? plain)
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
