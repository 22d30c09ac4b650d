// Layers around another layer.

import { lookUp } from "../ir.ts";
import { readConfig } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { reverseTime } from "./recurrent.ts";
import type { Value } from "./value.ts";
import { weight } from "./weight-spec.ts";

function inner(w: LayerWriter, i: number) {
  return w.layer.wrapped?.[i] ?? w.fail("BAD_MODEL", "wraps no layer");
}

/** The inner layer on every step of time: steps are taken as more items of the batch. */
const TimeDistributed: LayerDef = {
  kind: "TimeDistributed",
  emit: (w) => {
    const [, steps, ...rest] = w.shape(w.input) as [number, number, ...number[]];
    const items = w.fromOwn(w.emit("Reshape", [w.own(w.input), w.ints([-1, ...rest])]));
    const [output] = w.state.emitLayer(inner(w, 0), [items]);
    const [, ...shape] = w.shape(output as Value);
    return w.fromOwn(w.emit("Reshape", [w.own(output as Value), w.ints([-1, steps, ...shape])]));
  },
};

const MERGES: Readonly<Record<string, string>> = { sum: "Add", mul: "Mul", ave: "Mean" };

/** The inner layer forwards and backwards through time, joined. */
const Bidirectional: LayerDef = {
  kind: "Bidirectional",
  emit: (w) => {
    const [forward, ...forwardStates] = w.state.emitLayer(inner(w, 0), [w.input]) as [Value, ...Value[]];
    const [backward, ...backwardStates] = w.state.emitLayer(inner(w, 1), [w.input]) as [Value, ...Value[]];
    const steps = readConfig(inner(w, 1)).flag("return_sequences", false);
    const turned = steps ? reverseTime(w, w.own(backward)) : w.own(backward);
    const states = [...forwardStates, ...backwardStates];
    const mode = w.config.raw("merge_mode");
    if (mode === undefined) return [forward, w.fromOwn(turned), ...states];
    const pair = [w.own(forward), turned];
    const op = lookUp(MERGES, String(mode));
    return [w.fromOwn(op ? w.emit(op, pair) : w.emit("Concat", pair, { axis: -1 })), ...states];
  },
};

/** At inference the inner layer alone: its kernel was normalized during training. */
const SpectralNormalization: LayerDef = {
  kind: "SpectralNormalization",
  weights: () => [weight("vector_u", () => undefined, { trainable: false })],
  emit: (w) => w.state.emitLayer(inner(w, 0), w.inputs),
};

/** Recurrent cells one above the other, as a layer each. */
const StackedRNN: LayerDef = {
  kind: "StackedRNN",
  emit: (w) => {
    if (w.config.flag("return_state", false)) w.fail("UNSUPPORTED_LAYER", "gives the states of several cells", "Save the model with return_state=False.");
    if (w.inputs.length > 1 || w.call.kwargs.initial_state) w.fail("UNSUPPORTED_LAYER", "is given states to begin with");
    return inChain(w);
  },
};

/** What a layer holds, one behind the other. */
function inChain(w: LayerWriter): readonly Value[] {
  return (w.layer.wrapped ?? []).reduce<readonly Value[]>((inputs, layer) => w.state.emitLayer(layer, inputs), w.inputs);
}

/** Preprocessing layers, one behind the other. */
const Pipeline: LayerDef = { kind: "Pipeline", emit: inChain };

export const wrapperLayers: readonly LayerDef[] = [TimeDistributed, Bidirectional, SpectralNormalization, StackedRNN, Pipeline];
