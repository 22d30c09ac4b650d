// Convolutional LSTMs over `[batch, time, …space, channels]`, written step by step.

import { applyActivation } from "./activate.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { passesOnSequences, truth } from "./masks.ts";
import { stepMask } from "./recurrent.ts";
import type { Value } from "./value.ts";
import { type Seen, weight, when } from "./weight-spec.ts";
import { padsFor, stridesOf } from "./windows.ts";

/** Longer films would need graphs beyond measure. */
const MOST_STEPS = 512;

/** Gates i, f, c, o of conv(x) + conv(h) + b; c' = f·c + i·c̃, h' = o·activation(c'). */
function convLstm(kind: string, axes: number): LayerDef {
  const ones = new Array<number>(axes).fill(1);
  const holder = { holder: "cell" };
  return {
    kind,
    weights: (config) => {
      const filters = config.int("filters");
      const size = config.ints("kernel_size", axes);
      const channels = ({ shapes: [x = []] }: Seen) => (config.raw("data_format") === "channels_first" ? x[2] : x.at(-1)) as number;
      const set = (prefix: string, width: number) => [
        weight(`${prefix}kernel`, (seen) => [...size, channels(seen), width], holder),
        weight(`${prefix}recurrent_kernel`, () => [...size, filters, width], holder),
        ...when(
          config.flag("use_bias", true),
          weight(`${prefix}bias`, () => [width], holder),
        ),
      ];
      return isApart(config) ? ["i_", "c_", "f_", "o_"].flatMap((gate) => set(gate, filters)) : set("", 4 * filters);
    },
    masks: passesOnSequences,
    emit: (w) => {
      if (w.inputs.length > 1 || w.call.kwargs.initial_state) w.fail("UNSUPPORTED_LAYER", "is given states to begin with");
      const steps = inputGates(w, axes, ones);
      const backwards = w.config.flag("go_backwards", false);
      const counts = countsOfSteps(w, steps.length, ones);
      const order = <T>(list: readonly T[]) => (backwards ? [...list].reverse() : list);
      const { outputs, hidden, cell } = goThrough(w, order(steps), order(counts), ones);
      const output = w.config.flag("return_sequences", false) ? film(w, outputs) : picture(w, outputs.at(-1) as string);
      return w.config.flag("return_state", false) ? [output, picture(w, hidden), picture(w, cell)] : output;
    },
  };
}

/** Keras 1 kept every gate's weights apart. */
const isApart = (config: Config) => config.raw("inner_init") !== undefined;

/** A weight of all gates, one behind the other along its last axis. */
function gates(w: LayerWriter, name: string): string {
  if (!isApart(w.config)) return w.weight(name);
  const parts = ["i_", "f_", "c_", "o_"].map((gate) => w.weight(gate + name));
  return w.emit("Concat", parts, { axis: w.graphShape(parts[0] as string).length - 1 });
}

/** Whether each step counts, `[batch, 1, …]` each; nothing where all do. */
function countsOfSteps(w: LayerWriter, time: number, ones: readonly number[]): string[] {
  const mask = stepMask(w)?.();
  if (mask === undefined) return [];
  const shape = w.graphShape(mask);
  if (shape[1] !== time || shape.length !== 2) w.fail("UNSUPPORTED_LAYER", `has a mask of shape [${shape.join(", ")}] over ${time} steps`);
  const wide = truth(w.state, w.reshape(mask, [time, 1, ...ones]));
  const at = (t: number) => w.emit("Slice", [wide, w.ints([t]), w.ints([t + 1]), w.ints([1])]);
  return Array.from({ length: time }, (_, t) => w.emit("Squeeze", [at(t), w.ints([1])]));
}

/** What every step's gates have of the input: `[batch, 4 · filters, …]` each. */
function inputGates(w: LayerWriter, axes: number, ones: readonly number[]): string[] {
  const [, time, ...rest] = w.shape(w.input) as [number, number, ...number[]];
  if (rest.length !== axes + 1) w.fail("BAD_MODEL", `takes inputs with ${axes + 3} axes, but its input has ${rest.length + 2}`);
  if (time > MOST_STEPS) w.fail("UNSUPPORTED_LAYER", `goes over ${time} steps; ${MOST_STEPS} are the most`);
  const frames = w.emit("Reshape", [w.own(w.input), w.ints([-1, ...rest])]);
  const x = w.channelsFirst ? frames : w.transpose(frames, [0, axes + 1, ...ones.map((_, i) => i + 1)]);
  const strides = stridesOf(w, axes, ones);
  const dilations = w.config.ints("dilation_rate", axes, ones);
  const pads = padsFor(w, x, w.config.ints("kernel_size", axes), strides, dilations);
  const bias = w.config.flag("use_bias", true) ? [gates(w, "bias")] : [];
  const all = w.emit("Conv", [x, outFirst(w, "kernel", axes), ...bias], { strides, dilations, pads });
  const films = w.emit("Reshape", [all, w.ints([-1, time, ...w.graphShape(all).slice(1)])]);
  const at = (t: number) => w.emit("Slice", [films, w.ints([t]), w.ints([t + 1]), w.ints([1])]);
  return Array.from({ length: time }, (_, t) => w.emit("Squeeze", [at(t), w.ints([1])]));
}

/** [rows, columns, in, out] → [out, in, rows, columns]. */
function outFirst(w: LayerWriter, name: string, axes: number): string {
  return w.transpose(gates(w, name), [axes + 1, axes, ...Array.from({ length: axes }, (_, i) => i)]);
}

/** The outputs of all steps, and the last states. */
function goThrough(
  w: LayerWriter,
  steps: readonly string[],
  counts: readonly string[],
  ones: readonly number[],
): { outputs: string[]; hidden: string; cell: string } {
  const filters = w.config.int("filters");
  const kernel = outFirst(w, "recurrent_kernel", ones.length);
  const reach = w.graphShape(kernel).slice(2);
  const pads = [...reach.map((k) => Math.floor((k - 1) / 2)), ...reach.map((k) => Math.ceil((k - 1) / 2))];
  const activate = (x: string, option: string, fallback: string) => applyActivation(w, { tensor: x }, w.config.raw(option) ?? fallback).tensor;
  const gate = (all: string, k: number) => w.emit("Slice", [all, w.ints([k * filters]), w.ints([(k + 1) * filters]), w.ints([1])]);
  const zeros = w.config.flag("zero_output_for_mask", false);
  const outputs: string[] = [];
  let hidden: string | undefined;
  let cell: string | undefined;
  for (const [t, step] of steps.entries()) {
    const sums = hidden ? w.emit("Add", [step, w.emit("Conv", [hidden, kernel], { pads })]) : step;
    const [i, f, o] = [0, 1, 3].map((k) => activate(gate(sums, k), "recurrent_activation", "sigmoid")) as [string, string, string];
    const added = w.emit("Mul", [i, activate(gate(sums, 2), "activation", "tanh")]);
    const keep = (fresh: string, before: string | undefined) => (counts[t] ? w.emit("Where", [counts[t], fresh, before ?? w.scalar(0)]) : fresh);
    const newCell = cell ? w.emit("Add", [w.emit("Mul", [f, cell]), added]) : added;
    const output = w.emit("Mul", [o, activate(newCell, "activation", "tanh")]);
    cell = keep(newCell, cell);
    hidden = keep(output, hidden);
    outputs.push(zeros ? keep(output, undefined) : hidden);
  }
  if (hidden === undefined || cell === undefined) return w.fail("BAD_MODEL", "goes over no steps");
  return { outputs, hidden, cell };
}

/** `[batch, filters, …]` as this layer's output. */
function picture(w: LayerWriter, tensor: string): Value {
  return w.fromChannelsAtOne(tensor);
}

/** All steps, `[batch, time, …]` in Keras's order. */
function film(w: LayerWriter, outputs: readonly string[]): Value {
  const steps = outputs.map((output) => w.emit("Unsqueeze", [output, w.ints([1])]));
  const joined = steps.length === 1 ? (steps[0] as string) : w.emit("Concat", steps, { axis: 1 });
  const rank = w.graphShape(joined).length;
  if (w.channelsFirst) return { tensor: joined };
  return w.fromOwn(w.transpose(joined, [0, 1, ...Array.from({ length: rank - 3 }, (_, i) => i + 3), 2]));
}

export const convLstmLayers: readonly LayerDef[] = [convLstm("ConvLSTM1D", 1), convLstm("ConvLSTM2D", 2), convLstm("ConvLSTM3D", 3)];
