// The gradient of one number of a model with respect to its input or a layer.

import { differentiate } from "../autodiff/gradient.ts";
import { fail } from "../errors.ts";
import type { Layer } from "../formats/loaded-model.ts";
import type { Model, ModelAt } from "../model.ts";
import { invert, sizeOf, type Tensor, toFloat32, transpose, zeros } from "../tensor/tensor.ts";
import { featuresOf } from "./features.ts";
import { type ModelFeed, prepareFeed, toOwnLayout } from "./feeds.ts";
import { predictionOutput } from "./target.ts";

export interface ModelGradientOptions {
  /** An output of the model, a layer or a tensor. Default: the output that predictions are read from. */
  of?: string;
  /** Which number of it: its position in one item, flattened in the model's own layout. For a list of classes, the class. */
  index: number;
  /** An input, a layer or a tensor. Default: the input that takes pictures. */
  wrt?: string;
  signal?: AbortSignal;
}

/**
 * ∂ Σₙ of[n][index] / ∂ wrt, in the model's own layout, batch first.
 *
 * @throws {UNKNOWN_LAYER} @throws {UNKNOWN_TARGET} @throws {NO_GRADIENT} @throws {ABORTED}
 * @example
 * const saliency = await modelGradient(model, image, { index: 386 });
 */
export async function modelGradient(model: Model, input: ModelFeed, options: ModelGradientOptions): Promise<Tensor<"float32">> {
  const { feeds, shapes } = prepareFeed(model, input);
  const at = model.atShapes(shapes);
  const of = placeOf(model, at, options.of ?? predictionOutput(at.graph));
  const wrt = placeOf(model, at, options.wrt ?? model.input.name);
  const key = `gradient ${JSON.stringify([shapes, of.tensor, wrt.tensor])}`;
  const { session, release } = await model.session(
    key,
    () => differentiate(at, { of: of.tensor, wrt: [wrt.tensor], features: featuresOf(model.device) }).graph,
  );
  try {
    const seedName = session.inputs.at(-1) as string;
    const results = await session.run({ ...feeds, [seedName]: seedAt(at, of, options.index) }, { signal: options.signal });
    const gradient = toFloat32(results[session.outputs[0] as string] as Tensor);
    return wrt.layer ? toOwnLayout(wrt.layer, gradient) : gradient;
  } finally {
    await release();
  }
}

/** A graph tensor, and the layer that says how its axes are ordered in the model's own layout. */
interface Place {
  readonly tensor: string;
  readonly layer: Layer | undefined;
}

/** An input or output by its name, else a layer or tensor. @throws {UNKNOWN_LAYER} */
function placeOf(model: Model, at: ModelAt, name: string): Place {
  const border = [...at.graph.inputs, ...at.graph.outputs].find((value) => value.name === name);
  const layer = border ? at.layers.findLast((each) => each.output === name) : model.layer(name);
  return { tensor: layer?.output ?? name, layer };
}

/** One-hot in every item, given in the model's own layout. @throws {UNKNOWN_TARGET} */
function seedAt(at: ModelAt, { tensor, layer }: Place, index: number): Tensor<"float32"> {
  const shape = at.infos.get(tensor)?.shape ?? [];
  const order = layer?.ownOrder;
  const own = order ? order.map((axis) => shape[axis] as number) : shape;
  const size = sizeOf(own.slice(1));
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    fail("UNKNOWN_TARGET", `"${tensor}" has no position ${index}: it holds ${size} numbers.`, {
      hint: `Give a position from 0 to ${size - 1}.`,
      details: { tensor, index, size },
    });
  }
  const seed = zeros("float32", own);
  for (let n = 0; n < (own[0] as number); n++) seed.data[n * size + index] = 1;
  return order ? transpose(seed, invert(order)) : seed;
}
