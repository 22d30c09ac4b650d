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

/** The weights of a model's layers. What is not there stays out. @param assets the archive that text files lie in */
export async function readVars(model: KerasModel, find: FindWeight, container: Container, assets?: SourceFolder): Promise<ModelWeights> {
  const weights = new Map<KerasLayer, LayerWeight[]>();
  await readModelVars(model, "", { weights, find, container, assets });
  return weights;
}

interface Reading {
  readonly weights: Map<KerasLayer, LayerWeight[]>;
  readonly find: FindWeight;
  readonly container: Container;
  readonly assets: SourceFolder | undefined;
}

async function readModelVars(model: KerasModel, path: string, reading: Reading): Promise<void> {
  const counts = new Map<string, number>();
  for (const layer of model.layers) {
    if (layer.operator) continue;
    const name = snakeCase(layer.className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    await readLayerVars(layer, `${path}/${reading.container}/${count === 0 ? name : `${name}_${count}`}`, reading);
  }
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
    const places = holder ? [`${path}/${holder}`, `${path}/_${holder}`] : [path];
    const weight = await findFirst(
      reading,
      places.map((place) => `${place}/vars/${number}`),
    );
    if (weight) list[index] = { weight };
  }
  if (list.length > 0) reading.weights.set(layer, list);
  const parts = layer.kind === "Bidirectional" ? ["forward_layer", "backward_layer"] : ["layer"];
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
