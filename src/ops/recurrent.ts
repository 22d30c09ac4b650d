// Recurrent networks over `[time, batch, size]`.

import { float, floats, int, string, strings } from "../graph/attributes.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo } from "./define.ts";
import { gruGradient, lstmGradient, recurrentGradient, rnnGradient } from "./recurrent-gradient.ts";

const attrs = {
  activation_alpha: floats(),
  activation_beta: floats(),
  activations: strings(),
  clip: float(),
  direction: string("forward"),
  hidden_size: int(),
  layout: int(0),
};

/** All states `[time, directions, batch, hidden]`, then the last ones `[directions, batch, hidden]`; batch first with layout 1. */
function shapes([x, , r]: readonly MaybeInfo[], layout: number, outputs: number): Info[] {
  const { dtype, shape } = x as Info;
  const [directions, , hidden] = (r as Info).shape as [number, number, number];
  const [time, batch] = (layout === 0 ? shape : [shape[1], shape[0]]) as [number, number];
  const all = layout === 0 ? [time, directions, batch, hidden] : [batch, time, directions, hidden];
  const last = layout === 0 ? [directions, batch, hidden] : [batch, directions, hidden];
  return Array.from({ length: outputs }, (_, i) => ({ dtype, shape: i === 0 ? all : last }));
}

/** LSTM: gates i, o, f, c from x·Wᵀ + h·Rᵀ + b; c' = f·c + i·c̃, h' = o·tanh c'. */
const LSTM = defineOp({
  type: "LSTM",
  attrs: { ...attrs, input_forget: int(0) },
  shape: (inputs, { layout }, outputs) => shapes(inputs, layout, outputs),
  gradient: (r) => recurrentGradient(r, r.attrs, lstmGradient),
  note: "weights are constants for the gradient",
});

/** GRU: gates z, r, h; h' = (1 − z)·h̃ + z·h. */
const GRU = defineOp({
  type: "GRU",
  attrs: { ...attrs, linear_before_reset: int(0) },
  shape: (inputs, { layout }, outputs) => shapes(inputs, layout, outputs),
  gradient: (r) => recurrentGradient(r, r.attrs, gruGradient(r.attrs.linear_before_reset !== 0)),
  note: "weights are constants for the gradient",
});

/** RNN: h' = tanh(x·Wᵀ + h·Rᵀ + b). */
const RNN = defineOp({
  type: "RNN",
  attrs,
  shape: (inputs, { layout }, outputs) => shapes(inputs, layout, outputs),
  gradient: (r) => recurrentGradient(r, r.attrs, rnnGradient),
  note: "weights are constants for the gradient",
});

export const recurrents: readonly AnyOp[] = [LSTM, GRU, RNN];
