// Recurrent layers over steps of which some do not count: the layer goes over those that do as if there were no others.

import type { LayerWriter } from "./layer-writer.ts";
import { asNumbers, truth } from "./masks.ts";

/** Longer sequences would need tables beyond measure. */
const MOST_STEPS = 4096;

/** Tables that move steps. Each of their rows holds a single 1, or none, so that products with them change no number. */
export interface MaskedSteps {
  /** `[batch, steps, steps]`: steps that count, one behind the other, then zeros. */
  readonly gather: string;
  /** `[batch, steps, steps]`: every step shows what came last of those that count, zeros before the first of them. */
  readonly hold: string;
  /** `[batch, steps, steps]`: steps that count in their places, zeros in the others. */
  readonly scatter: string;
  /** How many steps count up to each, `[batch, steps, 1]`. */
  readonly counted: string;
  /** How many steps count, int32 `[batch]`. */
  readonly lengths: string;
}

/** @param mask `[batch, steps]`, or with a last axis of size 1, in the order in which the layer goes through time */
export function maskedSteps(w: LayerWriter, mask: string, steps: number): MaskedSteps {
  const shape = w.graphShape(mask);
  if (shape[1] !== steps || shape.length < 2 || shape.slice(2).some((size) => size !== 1)) {
    w.fail("UNSUPPORTED_LAYER", `has a mask of shape [${shape.join(", ")}] over ${steps} steps`, "A mask must have one value for each step.");
  }
  if (steps > MOST_STEPS) w.fail("UNSUPPORTED_LAYER", `goes over ${steps} steps with a mask; ${MOST_STEPS} are the most`);
  const counts = asNumbers(w, truth(w.state, w.reshape(mask, [steps, 1])));
  const counted = w.emit("CumSum", [counts, w.state.graph.scalar(1, "int64")]);
  const places = w.constant(
    Array.from({ length: steps }, (_, i) => i + 1),
    [1, 1, steps],
  );
  const hold = asNumbers(w, w.emit("Equal", [counted, places]));
  const scatter = w.emit("Mul", [hold, counts]);
  const lengths = w.emit("Cast", [w.emit("ReduceSum", [counts, w.ints([1, 2])], { keepdims: 0 })], { to: 6 });
  return { gather: w.transpose(scatter, [0, 2, 1]), hold, scatter, counted, lengths };
}
