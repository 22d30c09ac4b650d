// Sequential models: a chain of layers, with an input that the first one may carry in its own options.

import { fail } from "../../../errors.ts";
import { type Call, isList, type JsonObject, type KerasLayer, type KerasModel, outputOf } from "../ir.ts";

/** A Sequential from its layers, of which there is at least one. @param options what else its configuration says */
export function chain(layers: readonly KerasLayer[], options: JsonObject, name: string | undefined): KerasModel {
  const first = layers[0] as KerasLayer;
  const all = first.kind === "InputLayer" ? layers : [inputLayer(first, options), ...layers];
  checkNames(all);
  return {
    name: typeof options.name === "string" ? options.name : (name ?? "sequential"),
    kind: "Sequential",
    trainable: options.trainable !== false,
    layers: all.map((layer, i) => ({ ...layer, calls: i === 0 ? [] : [callOf(all[i - 1] as KerasLayer)] })),
    inputs: [outputOf(all[0] as KerasLayer)],
    outputs: [outputOf(all.at(-1) as KerasLayer)],
  };
}

/**
 * Keras 1's Sequential that begins with a Merge of other models, as one model with their layers in it: so does its file
 * list the weights. @param branches what the Merge holds
 */
export function chainOfBranches(branches: readonly KerasLayer[], layers: readonly KerasLayer[], options: JsonObject, name: string | undefined): KerasModel {
  const [merge, ...rest] = layers as [KerasLayer, ...KerasLayer[]];
  const models = branches.map(({ model, name: branch }) => model ?? failBranch(merge, branch));
  const joined: Call = {
    args: [{ kind: "list", items: models.flatMap(({ outputs }) => outputs.map((tensor) => ({ kind: "tensor", tensor }) as const)) }],
    kwargs: {},
  };
  const chained = rest.map((layer, i) => ({ ...layer, calls: [callOf(layers[i] as KerasLayer)] }));
  const all = [...models.flatMap((model) => model.layers), { ...merge, calls: [joined] }, ...chained];
  checkNames(all);
  return {
    name: typeof options.name === "string" ? options.name : (name ?? "sequential"),
    kind: "Sequential",
    trainable: options.trainable !== false,
    layers: all,
    inputs: models.flatMap(({ inputs }) => inputs),
    outputs: [outputOf(all.at(-1) as KerasLayer)],
  };
}

/** @throws {BAD_MODEL} for two layers of one name: calls would mean either */
function checkNames(layers: readonly KerasLayer[]): void {
  const names = layers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) fail("BAD_MODEL", `Two layers of a Sequential model are called "${twice}".`, { details: { layer: twice } });
}

function failBranch(merge: KerasLayer, branch: string): never {
  return fail("UNSUPPORTED_LAYER", `The Sequential model begins with the Merge layer "${merge.name}", whose branch "${branch}" is no model.`, {
    hint: "Save it as a functional model with Keras 1.2 or 2.",
    details: { layer: merge.name, class: "Merge" },
  });
}

function callOf(before: KerasLayer): Call {
  return { args: [{ kind: "tensor", tensor: outputOf(before) }], kwargs: {} };
}

/** The input that Keras makes by itself. Its shape stays open (`null`) if no one says it. */
function inputLayer(first: KerasLayer, options: JsonObject): KerasLayer {
  const { batch_input_shape, input_shape, dtype } = first.config;
  const inner = first.model?.layers.find((layer) => layer.kind === "InputLayer")?.config.batch_shape;
  const shape = batch_input_shape ?? inner ?? options.build_input_shape ?? (isList(input_shape) ? [null, ...input_shape] : null);
  return {
    name: `${first.name}_input`,
    kind: "InputLayer",
    className: "InputLayer",
    operator: false,
    config: { batch_shape: shape, dtype: dtype ?? "float32" },
    trainable: true,
    calls: [],
  };
}
