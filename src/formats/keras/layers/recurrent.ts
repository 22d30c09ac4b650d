// Recurrent layers over `[batch, time, size]`, through ONNX's operators; and several cells as one layer.

import { isObject, tensorsOf } from "../ir.ts";
import type { LayerDef } from "./define.ts";
import { LayerWriter } from "./layer-writer.ts";
import { type MaskedSteps, maskedSteps } from "./masked-steps.ts";
import { givenMasks, passesOnSequences } from "./masks.ts";
import { type Cell, cells, findCell, operatorAttributes, operatorWeights, weightsOf } from "./recurrent-cells.ts";
import type { Mask, Value } from "./value.ts";

/** What a cell gives: all steps, written when asked for, and its last states. */
interface Run {
  readonly all: () => string;
  readonly last: readonly Value[];
}

/** All states, or the last one; with `return_state` the last states as well. */
function recurrent(cell: Cell): LayerDef {
  return {
    kind: cell.kind,
    weights: (config) => weightsOf(config, cell),
    masks: passesOnSequences,
    emit: (w) => {
      checkOptions(w);
      const mask = stepMask(w);
      if (mask) return emitCells(w, [w.layer], mask);
      const backwards = w.config.flag("go_backwards", false);
      const run = runCell(w, cell, w.own(w.input), initialStates(w), { direction: backwards ? "reverse" : "forward" });
      // Keras gives the steps in the order in which it went through them.
      const sequence = () => (backwards ? reverseTime(w, run.all()) : run.all());
      return outputs(w, w.config.flag("return_sequences", false) ? { tensor: sequence() } : (run.last[0] as Value), run.last);
    },
  };
}

/** Cells one above the other: each goes over what the one before it gave. */
const StackedRNN: LayerDef = {
  kind: "StackedRNN",
  masks: passesOnSequences,
  emit: (w) => {
    checkOptions(w);
    const mask = stepMask(w);
    if (w.state.masks.showsGivenState && (mask || initialStates(w).length > 0 || w.config.flag("return_state", false))) {
      w.fail(
        "UNSUPPORTED_LAYER",
        "has several cells, whose states or mask this version of Keras orders in its own way",
        "Save the model with Keras 2.3 or later.",
      );
    }
    return emitCells(w, w.layer.wrapped ?? [], mask);
  },
};

/** Cells over the steps that count, in the order in which the layer goes through them. */
function emitCells(w: LayerWriter, layers: Layers, mask: Mask | undefined): readonly Value[] {
  const backwards = w.config.flag("go_backwards", false);
  const inOrder = (tensor: string) => (backwards ? reverseTime(w, tensor) : tensor);
  const input = w.own(w.input);
  const steps = mask && maskedSteps(w, inOrder(mask()), w.graphShape(input)[1] as number);
  const given = initialStates(w);
  let x = steps ? w.emit("MatMul", [steps.gather, inOrder(input)]) : inOrder(input);
  const last: Value[] = [];
  for (const layer of layers) {
    const cell = findCell(layer.kind) ?? w.fail("BAD_MODEL", `has the cell "${layer.name}", which is none`);
    const writer = new LayerWriter(w.state, layer, { args: [{ kind: "tensor", tensor: { tensor: x } }], kwargs: {} });
    const states = given.slice(last.length, last.length + cell.states);
    const run = runCell(writer, cell, x, states, { direction: "forward" }, steps?.lengths);
    last.push(...(steps ? run.last.map((state, i) => keepGiven(w, state, states[i], steps)) : run.last));
    x = run.all();
  }
  return outputs(w, steps ? shown(w, x, steps, given[0]) : lastOrAll(w, x), last);
}

type Layers = readonly LayerWriter["layer"][];

function outputs(w: LayerWriter, output: Value, last: readonly Value[]): readonly Value[] {
  return w.config.flag("return_state", false) ? [output, ...last] : [output];
}

/** Where no step counts, the operator gives zeros as its last state: it is the one to begin with. */
function keepGiven(w: LayerWriter, state: Value, given: Value | undefined, { lengths }: MaskedSteps): Value {
  if (!given) return state;
  const none = w.emit("Equal", [w.emit("Unsqueeze", [lengths, w.ints([1])]), w.state.graph.scalar(0, "int32")]);
  return { tensor: w.emit("Where", [none, w.own(given), state.tensor]) };
}

/** What the steps show, or the last of them; steps that do not count what came before, or zeros. */
function shown(w: LayerWriter, x: string, steps: MaskedSteps, given: Value | undefined): Value {
  const zeros = w.config.flag("zero_output_for_mask", false);
  const row = (table: string) => (w.config.flag("return_sequences", false) ? table : lastStep(w, table));
  const held = w.emit("MatMul", [row(zeros ? steps.scatter : steps.hold), x]);
  const first = w.state.masks.showsGivenState && !w.config.flag("unroll", false) ? given : undefined;
  const none = () => w.emit("Equal", [row(steps.counted), w.scalar(0)]);
  return lastOrAll(w, first ? w.emit("Where", [none(), w.emit("Unsqueeze", [w.own(first), w.ints([1])]), held]) : held);
}

/** The last of `[batch, time, …]`, with its axis of time. */
function lastStep(w: LayerWriter, x: string): string {
  return w.emit("Slice", [x, w.ints([-1]), w.ints([2 ** 31 - 1]), w.ints([1])]);
}

function lastOrAll(w: LayerWriter, x: string): Value {
  return { tensor: w.config.flag("return_sequences", false) ? x : w.emit("Squeeze", [lastStep(w, x), w.ints([1])]) };
}

/** One cell over `[batch, time, size]`. @param lengths int32 `[batch]`, where not all steps are its */
function runCell(w: LayerWriter, cell: Cell, x: string, states: readonly Value[], attrs: { direction: string }, lengths = ""): Run {
  const first = states.map((state) => w.emit("Unsqueeze", [w.own(state), w.ints([0])]));
  const inputs = [w.transpose(x, [1, 0, 2]), ...operatorWeights(w, cell), ...(first.length || lengths ? [lengths, ...first] : [])];
  const [all, ...last] = w.state.graph.emitMany(cell.op, inputs, 1 + cell.states, { ...attrs, ...operatorAttributes(w, cell) }) as [string, ...string[]];
  return {
    all: () => w.transpose(w.emit("Squeeze", [all, w.ints([1])]), [1, 0, 2]),
    last: last.map((state) => ({ tensor: w.emit("Squeeze", [state, w.ints([0])]) })),
  };
}

/** The states to begin with, if they are given: behind the input, or by name. */
export function initialStates(w: LayerWriter): readonly Value[] {
  const named = w.call.kwargs.initial_state;
  return named ? tensorsOf(named) : w.inputs.slice(1);
}

/** Which steps count. Keras 3 looks at the input's own mask only where no states are given. */
export function stepMask(w: LayerWriter): Mask | undefined {
  const named = givenMasks(w.state, w.call, "mask");
  if (named) return named[0];
  return w.state.masks.keras3 && initialStates(w).length > 0 ? undefined : w.masks[0];
}

function checkOptions(w: LayerWriter): void {
  if (w.config.flag("time_major", false)) w.fail("UNSUPPORTED_LAYER", "has its time axis first");
  if (isObject(w.config.raw("cell"))) w.fail("UNSUPPORTED_LAYER", "has a cell of its own");
}

/** `[batch, time, …]` with its time turned round. */
export function reverseTime(w: LayerWriter, x: string): string {
  return w.emit("Slice", [x, w.ints([-1]), w.ints([-(2 ** 31)]), w.ints([1]), w.ints([-1])]);
}

export const recurrentLayers: readonly LayerDef[] = [...cells.map(recurrent), StackedRNN];
