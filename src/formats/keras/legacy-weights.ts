// Weights of `.h5` files as Keras has written them since its beginning: one group a layer, its weights in a flat list.

import { fail } from "../../errors.ts";
import type { Weight } from "../../graph/types.ts";
import type { Hdf5 } from "../hdf5/types.ts";
import type { KerasLayer, KerasModel } from "./ir.ts";
import { fromFile, type KernelStyle } from "./kernels.ts";
import { type Slot, slotsOf } from "./weight-slots.ts";
import type { LayerWeight, ModelWeights } from "./weights.ts";

/** A layer's group: its name and its weights in Keras's order. */
export interface WeightGroup {
  readonly name: string;
  readonly weights: readonly { readonly name: string; readonly weight: Weight }[];
}

/** Weights of random generators, which do nothing at inference. */
const RANDOM_STATE = /(^|\/)(StateVar|seed_generator_state)(:\d+)?$/;

/** The groups below `root`, in the file's order; undefined if there is no list of layers. @throws {BAD_MODEL} */
export async function readGroups(file: Hdf5, root: string): Promise<WeightGroup[] | undefined> {
  const layers = await nameList(file, root, "layer_names");
  if (!layers) return undefined;
  const groups: WeightGroup[] = [];
  for (const name of layers) {
    const path = `${root}/${name}`;
    const names = (await nameList(file, path, "weight_names")) ?? [];
    const weights: { name: string; weight: Weight }[] = [];
    for (const weight of names.filter((n) => !RANDOM_STATE.test(n))) weights.push({ name: weight, weight: await dataset(file, `${path}/${weight}`) });
    groups.push({ name, weights });
  }
  return groups;
}

/** An attribute of names; one that is too long for HDF5 lies in parts, `layer_names0`, `layer_names1` … */
async function nameList(file: Hdf5, path: string, attribute: string): Promise<string[] | undefined> {
  const whole = await file.attribute(path, attribute);
  if (whole !== undefined) return names(whole);
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = await file.attribute(path, `${attribute}${i}`);
    if (part === undefined) return i === 0 ? undefined : parts;
    parts.push(...names(part));
  }
}

/** An empty list is one of numbers in the file. */
function names(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === "string") ? list : fail("BAD_MODEL", "A list of names in the HDF5 file holds something else.");
}

async function dataset(file: Hdf5, path: string): Promise<Weight> {
  const weight = await file.dataset(path);
  return weight ?? fail("BAD_MODEL", `The HDF5 file lists the weights "${path}", but they are not there.`, { hint: "Get the file again.", details: { path } });
}

/**
 * The weights of a model's layers: by the layers' names, else, as Keras itself does it, one group after the other.
 *
 * @throws {BAD_MODEL} if the groups belong to another model
 */
export function assignGroups(model: KerasModel, groups: readonly WeightGroup[], style: KernelStyle): ModelWeights {
  const layers = model.layers.filter((layer) => slotsOf(layer).length > 0);
  const filled = groups.filter(({ weights }) => weights.length > 0);
  const named = new Map(filled.map((group) => [group.name, group]));
  const byName = layers.every((layer) => named.has(layer.name));
  if (!byName && layers.length !== filled.length) failCount(layers, named, filled);
  const weights = new Map<KerasLayer, LayerWeight[]>();
  layers.forEach((layer, i) => {
    const group = (byName ? named.get(layer.name) : filled[i]) as WeightGroup;
    assignGroup(weights, layer, group, style);
  });
  return weights;
}

function assignGroup(weights: Map<KerasLayer, LayerWeight[]>, layer: KerasLayer, group: WeightGroup, style: KernelStyle): void {
  const slots = inOldOrder(slotsOf(layer), group);
  if (slots.length !== group.weights.length) {
    fail(
      "BAD_MODEL",
      `Layer "${layer.name}" (${layer.kind}) has ${slots.length} weights, but its group "${group.name}" in the file has ${group.weights.length}.`,
      {
        hint: "The weights belong to another model than the architecture.",
        details: { layer: layer.name, wanted: slots.map(({ layer: l, spec }) => `${l.name}/${spec.name}`), stored: group.weights.map(({ name }) => name) },
      },
    );
  }
  byOwner(slots, group).forEach((slot, i) => {
    const list = weights.get(slot.layer) ?? [];
    list[slot.index] = fromFile((group.weights[i] as { weight: Weight }).weight, slot.layer, slot.spec, style);
    weights.set(slot.layer, list);
  });
}

/** Until 1.1, Keras listed a Highway's weights in pairs: [W, b, W_carry, b_carry], which only their shapes tell. */
function inOldOrder(slots: readonly Slot[], group: WeightGroup): readonly Slot[] {
  const [w, carry, b, bCarry] = slots;
  const isOld = w && carry && b && bCarry && w.layer.kind === "Highway" && group.weights[1]?.weight.shape.length === 1;
  return isOld ? [w, b, carry, bCarry] : slots;
}

/**
 * Which slot each weight of the group belongs to. Where every weight is named after its layer (`block1_conv1/kernel:0`),
 * that counts more than the order, which depends on what was frozen.
 */
function byOwner(slots: readonly Slot[], group: WeightGroup): readonly Slot[] {
  const waiting = new Map<string, Slot[]>();
  for (const slot of slots) waiting.set(slot.layer.name, [...(waiting.get(slot.layer.name) ?? []), slot]);
  if (new Set(slots.map(({ layer }) => layer)).size !== waiting.size) return slots;
  const known = group.weights.map(({ name }) => name.slice(name.lastIndexOf("/") + 1).replace(/:\d+$/, ""));
  const owned = group.weights.map(({ name }, i) => {
    let owner = name.slice(0, name.lastIndexOf("/"));
    while (!waiting.has(owner) && owner.includes("/")) owner = owner.slice(owner.indexOf("/") + 1);
    const own = waiting.get(owner) ?? [];
    // Quantized layers make their weights in another order when they are loaded than when they are quantized.
    const place = own.every(({ spec }) => known.includes(spec.name)) ? own.findIndex(({ spec }) => spec.name === known[i]) : 0;
    return own.splice(Math.max(0, place), 1)[0];
  });
  return owned.every((slot) => slot !== undefined) ? owned : slots;
}

function failCount(layers: readonly KerasLayer[], named: ReadonlyMap<string, WeightGroup>, filled: readonly WeightGroup[]): never {
  const missing = layers.filter(({ name }) => !named.has(name)).map(({ name }) => name);
  return fail(
    "BAD_MODEL",
    `The model has ${layers.length} layers with weights, but the file has weights for ${filled.length}; not there: ${missing.slice(0, 8).join(", ")}${missing.length > 8 ? " …" : ""}.`,
    {
      hint: 'A file without the top ("notop") needs an architecture without its dense layers.',
      details: { missing, stored: filled.map(({ name }) => name) },
    },
  );
}
