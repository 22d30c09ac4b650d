// Every network of the zoo against Keras's own: layers, options, connections, shapes of outputs and weights.

import { describe, expect, it } from "vitest";
import type { Argument, JsonObject, KerasLayer, KerasModel } from "../../src/formats/keras/ir.ts";
import { loadKeras } from "../../src/formats/keras/keras-model.ts";
import { allLayers } from "../../src/formats/keras/weight-slots.ts";
import type { LayerWeight } from "../../src/formats/keras/weights.ts";
import { Model } from "../../src/model.ts";
import type { Source } from "../../src/source.ts";
import { sizeOf } from "../../src/tensor/tensor.ts";
import { getModel, zooModels } from "../../src/zoo/models.ts";
import type { ZooModel } from "../../src/zoo/zoo-model.ts";
import { flat, type Listed, listings, weightShapes } from "./listed.ts";

const cases = Object.keys(listings).map((key) => [key, key.replace(" notop", ""), !key.endsWith(" notop")] as const);

describe.each(cases)("%s", (key, name, includeTop) => {
  const listed = listings[key] as Listed[];
  const zoo = getModel(name);
  const model = architecture(zoo, includeTop, listed);

  it("has Keras's layers in Keras's order, with its options and connections", () => {
    expect(model.layers.map(listLayer)).toEqual(listed.map(withoutShapes));
  });

  it("has outputs and weights of Keras's shapes", () => {
    const loaded = new Model(loadKeras({ format: "keras-h5", producer: undefined, model, weights: fakeWeights(model, listed) }));
    const shapes = new Map(loaded.layers.map((layer) => [layer.name, layer.shape]));
    const wanted = listed.filter(([, kind]) => !kind.startsWith("operation"));
    expect(wanted.map(([layer]) => [layer, shapes.get(layer)])).toEqual(wanted.map(([layer, , , , output]) => [layer, output]));
  });

  it("has as many weights as the table says", () => {
    const { top, notop } = zoo.files;
    expect((includeTop ? top : notop).parameters).toBe(
      flat(listed).reduce((sum, [, , , , , weights]) => sum + weights.reduce((n, shape) => n + sizeOf(shape), 0), 0),
    );
  });
});

it("knows no network that is not compared, but for other picture sizes", () => {
  const compared = new Set(cases.map(([, name]) => name.replace(/-\d+$/, "")));
  expect(zooModels.map(({ name }) => name.replace(/-\d+$/, "")).filter((name) => !compared.has(name))).toEqual([]);
});

function architecture({ architecture }: ZooModel, includeTop: boolean, [input]: readonly Listed[]): KerasModel {
  const [, height, width] = (input as Listed)[4] as [null, number | null, number | null];
  return architecture({ includeTop, classes: 1000, size: [height, width] });
}

/** A layer as the reference lists it, without shapes. */
function listLayer({ name, kind, operator, config, calls, model }: KerasLayer): unknown[] {
  const inputs = calls.flatMap((call) => call.args.flatMap(inputsOf));
  // Inner layers of a Sequential are listed without its input.
  const inner = model?.layers.filter((layer) => layer.kind !== "InputLayer").map((layer) => listLayer({ ...layer, calls: [] }).slice(0, 3));
  return [name, operator ? `operation ${kind}` : kind, options(config), inputs, ...(inner ? [inner] : [])];
}

function withoutShapes([name, kind, config, inputs, , , inner]: Listed): unknown[] {
  return [name, kind, options(config), inputs, ...(inner ? [inner.map(([name, kind, config]) => [name, kind, options(config)])] : [])];
}

function inputsOf(argument: Argument): unknown[] {
  if (argument.kind === "tensor") return [argument.tensor.layer];
  if (argument.kind === "list") return argument.items.flatMap(inputsOf);
  return argument.kind === "value" ? [argument.value] : [];
}

/** Numbers that were computed in another order may differ in their last digit. */
function options(config: JsonObject): unknown {
  return JSON.parse(JSON.stringify(config), (_, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : value));
}

/** Weights of Keras's shapes that lie nowhere: shapes are all that is looked at. */
function fakeWeights(model: KerasModel, listed: readonly Listed[]): Map<KerasLayer, LayerWeight[]> {
  const shapes = weightShapes(listed);
  const source: Source = { name: "nowhere", byteLength: 2 ** 40, slice: async () => new Uint8Array() };
  return new Map(
    allLayers(model).map((layer) => {
      const weights = shapes.get(layer.name) ?? [];
      return [layer, weights.map((shape) => ({ weight: { dtype: "float32", shape, data: { source, offset: 0, length: 4 * sizeOf(shape) } } }) as LayerWeight)];
    }),
  );
}
