// Writes steps of a plan, one after the other.

import { fail } from "../../errors.ts";
import { type Call, type KerasLayer, type KerasModel, mapCall, tensorsOf, tensorsOfCall } from "./ir.ts";
import { nameArguments } from "./layers/arguments.ts";
import { type BuildState, LayerWriter } from "./layers/layer-writer.ts";
import { givenMasks, withMask } from "./layers/masks.ts";
import { findLayer } from "./layers/table.ts";
import type { Value } from "./layers/value.ts";
import { findOperator } from "./operators/table.ts";
import { MASKED_INPUT, type Plan, planModel, type Step } from "./plan.ts";

/** The outputs of every step that was written. */
export type StepValues = readonly (readonly Value[] | undefined)[];

/** Writes the steps that are needed. @param input makes the value of an InputLayer's step */
export function emitSteps(state: BuildState, plan: Plan, input: (step: Step, index: number) => Value, needed?: ReadonlySet<number>): StepValues {
  const outer = state.graph.scope;
  const values: (readonly Value[] | undefined)[] = [];
  plan.steps.forEach((step, i) => {
    if (needed && !needed.has(i)) return;
    state.graph.scope = outer ? `${outer}/${step.path}` : step.path;
    values[i] = step.layer.kind === "InputLayer" ? [input(step, i)] : emitStep(state, step, values);
  });
  state.graph.scope = outer;
  return values;
}

function emitStep(state: BuildState, step: Step, values: StepValues): readonly Value[] {
  const call = mapCall(step.call, ({ step: from, tensor }) => values[from]?.[tensor] ?? failOutput(step, tensor));
  if (step.layer.kind === MASKED_INPUT) return maskedInput(state, call);
  return step.layer.model ? tensorsOfCall(call) : emitCall(state, step.layer, call);
}

/** The inputs of a nested model with the masks that its call names. */
function maskedInput(state: BuildState, call: Call<Value>): readonly Value[] {
  const masks = givenMasks(state, call, "mask") ?? [];
  return call.args.flatMap(tensorsOf).map((input, i) => withMask(input, masks[i] ?? input.masked?.mask, input));
}

/** A layer reads more outputs of another one than that has. */
export function failOutput(step: Step, tensor: number): never {
  return fail("BAD_MODEL", `Output ${tensor} of a layer that "${step.path}" stands for or reads is not there.`, { details: { layer: step.path } });
}

/** Writes one call of a layer or operator. @throws {UNSUPPORTED_LAYER} */
export function emitCall(state: BuildState, layer: KerasLayer, call: Call<Value>): readonly Value[] {
  const writer = new LayerWriter(state, layer, nameArguments(layer.kind, call));
  if (layer.model) {
    return emitModel(
      state,
      layer.model,
      writer.inputs.map((input, i) => withMask(input, writer.masks[i], input)),
    );
  }
  const def = (layer.operator ? findOperator(layer) : findLayer(layer.kind)) ?? writer.fail("UNSUPPORTED_LAYER", "is not known");
  const rule = def.masks;
  const masks = typeof rule === "function" ? rule(writer) : [];
  const given = def.emit(writer);
  const outputs = Array.isArray(given) ? (given as readonly Value[]) : [given as Value];
  return rule === "own" ? outputs : outputs.map((output, i) => withMask(output, masks[i], writer.inputs[i]));
}

/** A whole model within a wrapper. */
function emitModel(state: BuildState, model: KerasModel, inputs: readonly Value[]): readonly Value[] {
  const plan = planModel(model);
  const given = new Map(plan.inputs.map(({ step }, i) => [step, inputs[i]]));
  const values = emitSteps(state, plan, (step, i) => given.get(i) ?? failOutput(step, 0));
  return plan.outputs.map(({ step, tensor }) => values[step]?.[tensor] ?? failOutput(plan.steps[step] as Step, tensor));
}
