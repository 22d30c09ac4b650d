// Arguments that Keras 3 keeps by position, by the names that layers look for.

import { type Argument, type Call, lookUp } from "../ir.ts";
import type { Value } from "./value.ts";

const RECURRENT = ["inputs", "initial_state", "mask"];
const TRAINED = ["inputs", "training", "mask"];
const MASKED = ["inputs", "mask"];
const HEADS = ["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask"];

/** Arguments of layers that take more than tensors to work on, in order. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  AdditiveAttention: MASKED,
  Attention: MASKED,
  BatchNormalization: TRAINED,
  Bidirectional: RECURRENT,
  ConvLSTM1D: RECURRENT,
  ConvLSTM2D: RECURRENT,
  ConvLSTM3D: RECURRENT,
  Functional: TRAINED,
  GRU: RECURRENT,
  GlobalAveragePooling1D: MASKED,
  GroupQueryAttention: HEADS,
  LSTM: RECURRENT,
  MultiHeadAttention: HEADS,
  RNN: RECURRENT,
  Sequential: TRAINED,
  SimpleRNN: RECURRENT,
  Softmax: MASKED,
  TimeDistributed: TRAINED,
};

/** The call with what is no input given by name. */
export function nameArguments<T = Value>(kind: string, call: Call<T>): Call<T> {
  const names = lookUp(ARGUMENTS, kind);
  const inputs = names === HEADS ? 3 : 1;
  if (!names || call.args.length <= inputs) return call;
  const named: Record<string, Argument<T>> = {};
  call.args.slice(inputs).forEach((argument, i) => {
    named[names[inputs + i] ?? `argument ${inputs + i}`] = argument;
  });
  return { args: call.args.slice(0, inputs), kwargs: { ...named, ...call.kwargs } };
}
