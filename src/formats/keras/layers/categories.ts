// Numbers as ones at the places of categories.

import { lookUp } from "../ir.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { Value } from "./value.ts";

/** More categories than float32 can count. */
const MOST_CATEGORIES = 2 ** 24;

/** Names of modes until TensorFlow 2.6. */
const OLD_MODES: Readonly<Record<string, string>> = { binary: "multi_hot", "tf-idf": "tf_idf" };

/** How a layer gives categories out. */
export function outputMode(config: Config, fallback: string): string {
  const mode = config.text("output_mode", fallback);
  return lookUp(OLD_MODES, mode) ?? mode;
}

/** Whole numbers, cut off towards zero. */
export function whole(w: LayerWriter, x: string): string {
  return w.emit("Cast", [w.emit("Cast", [x], { to: 7 })], { to: 1 });
}

/** `[…]` → `[…, depth]`: 1 where the number is the place's, which it is nowhere if it is no category. */
function oneHot(w: LayerWriter, x: string, depth: number): string {
  if (!(depth >= 1 && depth <= MOST_CATEGORIES)) w.fail("BAD_MODEL", `has ${depth} categories`);
  const places = w.emit("Range", [w.scalar(0), w.scalar(depth), w.scalar(1)]);
  return w.emit("Cast", [w.emit("Equal", [w.emit("Unsqueeze", [x, w.ints([-1])]), places])], { to: 1 });
}

/** Categories as the layer's mode gives them. @param factors what each counts, in the mode `count` */
export function encode(w: LayerWriter, x: string, mode: string, depth: number, factors?: string): Value {
  const shape = w.graphShape(x);
  switch (mode) {
    case "int":
      return w.fromOwn(x);
    case "one_hot": {
      const single = shape.length > 1 && shape.at(-1) === 1;
      return w.fromOwn(oneHot(w, single ? w.emit("Squeeze", [x, w.ints([-1])]) : x, depth));
    }
    case "multi_hot":
      return w.fromOwn(w.emit("ReduceMax", [oneHot(w, x, depth), sampleAxis(w, shape)], { keepdims: 0 }));
    case "count": {
      const ones = oneHot(w, x, depth);
      const counted = factors === undefined ? ones : w.emit("Mul", [ones, w.emit("Unsqueeze", [factors, w.ints([-1])])]);
      return w.fromOwn(w.emit("ReduceSum", [counted, sampleAxis(w, shape)], { keepdims: 0 }));
    }
    default:
      return w.fail("UNSUPPORTED_LAYER", `gives out "${mode}", which Pellucid does not know`);
  }
}

/** The axis whose numbers are put together: behind the batch, if there is one. */
const sampleAxis = (w: LayerWriter, shape: readonly number[]) => w.ints([shape.length > 1 ? 1 : 0]);

/** Numbers from 0 as ones at their places; `count_weights` may be the second input. */
export const CategoryEncoding: LayerDef = {
  kind: "CategoryEncoding",
  emit: (w) => {
    const factors = w.call.kwargs.count_weights;
    const given = factors?.kind === "tensor" ? w.own(factors.tensor) : undefined;
    const depth = w.config.int("num_tokens", w.config.int("max_tokens", 0));
    return encode(w, whole(w, w.own(w.input)), outputMode(w.config, "multi_hot"), depth, given);
  },
};
