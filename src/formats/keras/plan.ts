// A model as a list of steps: nested models flattened, every step behind those that it reads.

import { fail } from "../../errors.ts";
import { type Call, inputsOfCall, type KerasLayer, type KerasModel, mapCall, type TensorRef, tensorsOfCall } from "./ir.ts";
import { nameArguments } from "./layers/arguments.ts";
import { type LayerCall, runOrder } from "./run-order.ts";

/** Output `tensor` of a step. */
export interface StepOutput {
  readonly step: number;
  readonly tensor: number;
}

/** One call of one layer. */
export interface Step {
  /** The layer's name with those of the models around it: `vgg16/block1_conv1`. Further calls of a layer have `:1`, `:2` … */
  readonly path: string;
  readonly layer: KerasLayer;
  /** A nested model is a step too: its arguments are its own outputs. */
  readonly call: Call<StepOutput>;
  /** Whether it is the layer's first call, which counts its weights. */
  readonly first: boolean;
  /** Whether users see it as a layer. */
  readonly listed: boolean;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly inputs: readonly StepOutput[];
  readonly outputs: readonly StepOutput[];
}

/** What a step is that gives the inputs of a nested model the masks that its call names. */
export const MASKED_INPUT = "masked input";

/** Models within models, each called twice, grow without bound; real ones stay far below this. */
const MOST_STEPS = 100_000;

/** The steps that compute a model. Keras lists the InputLayers of functional models, but not those of Sequentials. @throws {BAD_MODEL} */
export function planModel(model: KerasModel): Plan {
  const steps: Step[] = [];
  const listed = model.kind === "Functional";
  const inputs = model.inputs.map((ref): StepOutput => {
    const layer = model.layers.find(({ name }) => name === ref.layer) as KerasLayer;
    steps.push({ path: layer.name, layer, call: { args: [], kwargs: {} }, first: true, listed });
    return { step: steps.length - 1, tensor: 0 };
  });
  const outputs = planInto(steps, model, "", true, inputs);
  return { steps, inputs, outputs };
}

/** Adds the steps of one call of a model; returns its outputs. */
function planInto(steps: Step[], model: KerasModel, prefix: string, first: boolean, inputs: readonly StepOutput[]): StepOutput[] {
  const made = new Map<string, StepOutput>();
  model.inputs.forEach((ref, i) => {
    made.set(`${ref.layer}:0`, inputs[i] ?? failInputs(model, inputs.length));
  });
  const outputOf = (ref: TensorRef): StepOutput => {
    const { step, tensor } = made.get(`${ref.layer}:${ref.node}`) as StepOutput;
    return { step, tensor: tensor + ref.tensor };
  };
  for (const { layer, node } of callOrder(model)) {
    const call = nameArguments(layer.kind, mapCall(layer.calls[node] as Call, outputOf));
    const path = `${prefix}${layer.name}${node === 0 ? "" : `:${node}`}`;
    const firstCall = first && node === 0;
    const inner = layer.model && planInto(steps, layer.model, `${path}/`, firstCall, innerInputs(steps, path, call));
    const args = inner ? inner.map((tensor) => ({ kind: "tensor" as const, tensor })) : call.args;
    if (steps.length >= MOST_STEPS) fail("BAD_MODEL", `The model's layers are called more than ${MOST_STEPS} times.`, { details: { model: model.name } });
    steps.push({ path, layer, call: { args, kwargs: inner ? {} : call.kwargs }, first: firstCall, listed: true });
    made.set(`${layer.name}:${node}`, { step: steps.length - 1, tensor: 0 });
  }
  return model.outputs.map(outputOf);
}

/** What a nested model is called with. */
function innerInputs(steps: Step[], path: string, { args, kwargs }: Call<StepOutput>): readonly StepOutput[] {
  const inputs = inputsOfCall({ args, kwargs });
  const { mask } = kwargs;
  if (!mask || mask.kind === "value") return inputs;
  const layer = { name: path, kind: MASKED_INPUT, className: MASKED_INPUT, operator: false, config: {}, trainable: true, calls: [] };
  const call: Call<StepOutput> = { args: inputs.map((tensor) => ({ kind: "tensor", tensor })), kwargs: { mask } };
  steps.push({ path: `${path}/${MASKED_INPUT}`, layer, call, first: false, listed: false });
  return inputs.map((_, tensor) => ({ step: steps.length - 1, tensor }));
}

function failInputs(model: KerasModel, given: number): never {
  return fail("BAD_MODEL", `Model "${model.name}" has ${model.inputs.length} inputs, but is called with ${given}.`, { details: { model: model.name } });
}

/** All calls of a model's layers in the file's order or, where it matters, Keras's; each behind those that it reads. @throws {BAD_MODEL} for a circle */
function callOrder(model: KerasModel): LayerCall[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const order: LayerCall[] = [];
  const state = new Map<string, "open" | "done">(model.inputs.map((ref) => [`${ref.layer}:0`, "done"]));
  const visit = (start: LayerCall) => {
    const stack = [start];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const key = `${top.layer.name}:${top.node}`;
      const waiting = state.get(key) === "done" ? [] : unmade(top, layers, state);
      if (waiting.length > 0) {
        if (state.get(key) === "open") {
          fail("BAD_MODEL", `Layer "${top.layer.name}" of model "${model.name}" reads its own output.`, { details: { layer: top.layer.name } });
        }
        state.set(key, "open");
        stack.push(...waiting);
        continue;
      }
      if (state.get(key) !== "done") order.push(top);
      state.set(key, "done");
      stack.pop();
    }
  };
  for (const layer of model.layers) for (let node = 0; node < layer.calls.length; node++) visit({ layer, node });
  return model.layers.some(({ kind }) => kind === "MultiHeadAttention") ? runOrder(model, order) : order;
}

/** Calls that this one reads and that are not in the order yet. */
function unmade({ layer, node }: LayerCall, layers: ReadonlyMap<string, KerasLayer>, state: ReadonlyMap<string, string>): LayerCall[] {
  return tensorsOfCall(layer.calls[node] as Call)
    .filter((ref) => state.get(`${ref.layer}:${ref.node}`) !== "done")
    .map((ref) => ({ layer: layers.get(ref.layer) as KerasLayer, node: ref.node }));
}

/** Which steps `targets` need, themselves included. */
export function neededSteps(plan: Plan, targets: readonly number[]): Set<number> {
  const needed = new Set(targets);
  for (let i = plan.steps.length - 1; i >= 0; i--) {
    if (!needed.has(i)) continue;
    for (const { step } of tensorsOfCall((plan.steps[i] as Step).call)) needed.add(step);
  }
  return needed;
}
