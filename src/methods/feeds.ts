// What methods take as input: prepared tensors, in the model's own layout.

import { fail } from "../errors.ts";
import type { Layer } from "../formats/loaded-model.ts";
import type { Model, ModelAt } from "../model.ts";
import { formatShape, fromNumbers, type Tensor, toNumbers, transpose } from "../tensor/tensor.ts";

/**
 * One tensor for the model's first (or only) input, or one for each input by name. Own layout, batch first: `[N, H, W, C]`
 * for Keras, `[N, C, H, W]` for most ONNX models. See `prepareImage` for pictures.
 */
export type ModelFeed = Tensor | Readonly<Record<string, Tensor>>;

export interface PreparedFeed {
  /** Tensors by input name, in the input's dtype. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly batch: number;
}

/** Checks a feed against the model's inputs. @throws {SHAPE_MISMATCH} @throws {BAD_ARGUMENT} */
export function prepareFeed(model: Model, feed: ModelFeed): PreparedFeed {
  const inputs = model.loaded.inputs;
  if (typeof feed !== "object" || feed === null) {
    fail("BAD_ARGUMENT", "The input is no tensor.", { hint: "Give a tensor, from prepareImage for a picture, or one for each input by its name." });
  }
  const byName = isTensor(feed) ? { [model.input.name]: feed } : feed;
  const feeds: Record<string, Tensor> = {};
  for (const input of inputs) {
    const given = byName[input.name];
    if (!given) {
      fail("SHAPE_MISMATCH", `The model has ${inputs.length} inputs, and "${input.name}" was not given.`, {
        hint: `Give one tensor for each: ${inputs.map((i) => `${i.name} ${formatShape(i.shape)}`).join(", ")}.`,
        details: { inputs: inputs.map((i) => i.name), given: Object.keys(byName) },
      });
    }
    const fits = given.shape.length === input.shape.length && input.shape.every((d, i) => i === 0 || typeof d !== "number" || d === given.shape[i]);
    if (!fits || given.shape.some((d) => d < 1)) {
      fail("SHAPE_MISMATCH", `Input "${input.name}" takes a tensor of shape ${formatShape(input.shape)}, not ${formatShape(given.shape)}.`, {
        hint: input.layout ? `The layout is ${input.layout}; a single picture has batch size 1.` : undefined,
        details: { input: input.name, wanted: input.shape, given: given.shape },
      });
    }
    feeds[input.name] = given.dtype === input.dtype ? given : fromNumbers(input.dtype, given.shape, toNumbers(given));
  }
  const shapes = Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, t.shape]));
  return { feeds, shapes, batch: shapes[inputs[0]?.name as string]?.[0] ?? 1 };
}

/** A layer's graph tensor in the model's own layout. */
export function toOwnLayout(layer: Layer, t: Tensor<"float32">): Tensor<"float32"> {
  return layer.ownOrder && layer.ownOrder.length === t.shape.length ? transpose(t, layer.ownOrder) : t;
}

/** Axis of the classes in a score: the channels of a map, else the last axis. */
export function classAxisOf(at: ModelAt, output: string): number {
  const rank = at.infos.get(output)?.shape.length ?? 2;
  const layer = at.layers.findLast((l) => l.output === output);
  return rank > 2 && layer?.channelAxis !== undefined ? layer.channelAxis : Math.max(1, rank - 1);
}

function isTensor(feed: ModelFeed): feed is Tensor {
  return Array.isArray((feed as Tensor).shape) && typeof (feed as Tensor).dtype === "string";
}
