// Layers around another layer.

import { lookUp } from "../ir.ts";
import { readConfig } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { anyAlong, lazily, passesOn, withMask } from "./masks.ts";
import { initialStates, reverseTime, stepMask } from "./recurrent.ts";
import type { Mask, Value } from "./value.ts";
import { weight } from "./weight-spec.ts";

function inner(w: LayerWriter, i: number) {
  return w.layer.wrapped?.[i] ?? w.fail("BAD_MODEL", "wraps no layer");
}

/** The inner layer on every step of time: steps are taken as more items of the batch. */
const TimeDistributed: LayerDef = {
  kind: "TimeDistributed",
  masks: "own",
  emit: (w) => {
    const [, steps] = w.shape(w.input) as [number, number, ...number[]];
    const items = w.fromOwn(asItems(w, w.own(w.input)));
    const mask = w.masks[0];
    const itemMask = mask && lazily(w.state, () => asItems(w, mask()));
    const [output] = w.state.emitLayer(inner(w, 0), [withMask(items, itemMask)]);
    const value = w.fromOwn(asSteps(w, w.own(output as Value), steps));
    return withMask(value, w.state.masks.keras3 ? mask : maskOfSteps(w, mask, (output as Value).masked?.mask, steps));
  },
};

/** `[batch, steps, …]` → `[batch · steps, …]` */
function asItems(w: LayerWriter, x: string): string {
  return w.emit("Reshape", [x, w.ints([-1, ...w.graphShape(x).slice(2)])]);
}

/** The way back. */
function asSteps(w: LayerWriter, x: string, steps: number): string {
  return w.emit("Reshape", [x, w.ints([-1, steps, ...w.graphShape(x).slice(1)])]);
}

/** Keras 1 and 2: the inner layer's mask; else that of the input, of which a step counts if anything of it does. */
function maskOfSteps(w: LayerWriter, mask: Mask | undefined, inside: Mask | undefined, steps: number): Mask | undefined {
  if (inside) return lazily(w.state, () => asSteps(w, inside(), steps));
  const reduce = (counts: string): string => (w.graphShape(counts).length > 2 ? reduce(anyAlong(w, counts, -1)) : counts);
  return mask && lazily(w.state, () => reduce(mask()));
}

const MERGES: Readonly<Record<string, string>> = { sum: "Add", mul: "Mul", ave: "Mean" };

/** The inner layer forwards and backwards through time, joined. */
const Bidirectional: LayerDef = {
  kind: "Bidirectional",
  masks: (w) => (isSequence(w) ? (w.config.raw("merge_mode") === undefined ? [w.masks[0], w.masks[0]] : passesOn(w)) : []),
  emit: (w) => {
    const states = initialStates(w);
    const half = states.length / 2;
    const [forward, ...forwardStates] = oneWay(w, 0, states.slice(0, half));
    const [backward, ...backwardStates] = oneWay(w, 1, states.slice(half));
    const turned = isSequence(w) ? w.fromOwn(reverseTime(w, w.own(backward))) : backward;
    const last = [...forwardStates, ...backwardStates];
    const mode = w.config.raw("merge_mode");
    if (mode === undefined) return [forward, turned, ...last];
    const op = lookUp(MERGES, String(mode));
    const pair = [forward, turned].map((value) => w.own(value));
    return [w.fromOwn(op ? w.emit(op, pair) : w.emit("Concat", pair, { axis: -1 })), ...last];
  },
};

/** One of the two layers, with the mask that the wrapper has, and its half of the states. */
function oneWay(w: LayerWriter, i: number, states: readonly Value[]): [Value, ...Value[]] {
  const mask = stepMask(w);
  const initial = states.map((tensor) => ({ kind: "tensor", tensor }) as const);
  return w.state.emitLayer(inner(w, i), [withMask(w.input, mask)], {
    ...(mask ? { mask: { kind: "tensor", tensor: { tensor: mask() } } } : {}),
    ...(initial.length ? { initial_state: { kind: "list", items: initial } } : {}),
  }) as [Value, ...Value[]];
}

/** Whether the layers inside give all their steps. */
function isSequence(w: LayerWriter): boolean {
  return readConfig(inner(w, 0)).flag("return_sequences", false);
}

/** At inference the inner layer alone: its kernel was normalized during training. */
const SpectralNormalization: LayerDef = {
  kind: "SpectralNormalization",
  weights: () => [weight("vector_u", () => undefined, { trainable: false })],
  masks: "own",
  emit: (w) => w.state.emitLayer(inner(w, 0), w.inputs),
};

/** What a layer holds, one behind the other. */
function inChain(w: LayerWriter): readonly Value[] {
  return (w.layer.wrapped ?? []).reduce<readonly Value[]>((inputs, layer) => w.state.emitLayer(layer, inputs), w.inputs);
}

/** Preprocessing layers, one behind the other. */
const Pipeline: LayerDef = { kind: "Pipeline", masks: "own", emit: inChain };

export const wrapperLayers: readonly LayerDef[] = [TimeDistributed, Bidirectional, SpectralNormalization, Pipeline];
