// A model's graph at concrete input shapes. It computes channels first; what Keras shows is told beside each layer.

import { fail } from "../../errors.ts";
import { renameTensors } from "../../graph/rename.ts";
import { subgraph } from "../../graph/subgraph.ts";
import { invert } from "../../tensor/tensor.ts";
import type { BuiltModel, Layer } from "../loaded-model.ts";
import { createState } from "./build-state.ts";
import type { MaskRules } from "./config/mask-rules.ts";
import { emitSteps, failOutput, type StepValues } from "./emit.ts";
import { tensorsOfCall } from "./ir.ts";
import type { BuildState } from "./layers/layer-writer.ts";
import { channelsLastOrder, type Value } from "./layers/value.ts";
import { neededSteps, type Plan, type Step, type StepOutput } from "./plan.ts";
import type { ModelWeights } from "./weights.ts";

export interface BuildOptions {
  readonly weights: ModelWeights;
  readonly masks: MaskRules;
  readonly channelsFirst: boolean;
  /** Shapes of the inputs by name, in Keras's order. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Whether one of them is not what the model says. */
  readonly resized: boolean;
  /** The layer or tensor to stop at. */
  readonly until?: string;
  /** Number of weights of a layer. */
  readonly parameters: (step: Step) => number;
}

/** The graph of a plan. @throws {SHAPE_MISMATCH} @throws {UNKNOWN_LAYER} if there is no `until` @throws {BAD_MODEL} */
export function buildModel(plan: Plan, options: BuildOptions): BuiltModel {
  const state = createState(options);
  const stop = options.until === undefined ? undefined : findStop(plan, options.until);
  const targets = stop ? [{ step: stop.step, tensor: 0 }] : plan.outputs;
  const all = plan.steps.map((_, i) => i);
  const needed = neededSteps(plan, stop ? [stop.step] : all);
  for (const step of plan.steps.filter((s, i) => needed.has(i) && !isInput(s))) state.graph.unique(step.path);
  const values = emitSteps(state, plan, (step) => emitInput(state, step, options), needed);
  const built = { values, needed, state, options };
  if (stop?.within !== undefined) return finishAtTensor(plan, built, stop.within);
  return finish(
    plan,
    built,
    targets.map((target) => ({ ...target, value: valueAt(plan, values, target) })),
  );
}

/** The name of an output: its layer's. */
export function outputName(plan: Plan, { step, tensor }: StepOutput): string {
  const { path } = plan.steps[step] as Step;
  return tensor === 0 ? path : `${path}.${tensor}`;
}

interface Built {
  readonly values: StepValues;
  readonly needed: ReadonlySet<number>;
  readonly state: BuildState;
  readonly options: BuildOptions;
}

/** Where to stop: at the layer of this name, or at the tensor of this name `within` the nodes of the step. */
function findStop(plan: Plan, until: string): { step: number; within?: string } {
  const exact = plan.steps.findIndex(({ path }) => path === until);
  if (exact >= 0) return { step: exact };
  const owners = plan.steps.map(({ path }, step) => ({ path, step })).filter(({ path }) => until.startsWith(`${path}/`));
  const owner = owners.sort((a, b) => b.path.length - a.path.length)[0];
  return owner ? { step: owner.step, within: until } : failStop(until);
}

function failStop(until: string): never {
  return fail("UNKNOWN_LAYER", `The model has no layer or tensor "${until}".`, { details: { layer: until } });
}

const isInput = (step: Step) => step.layer.kind === "InputLayer";

/** The input in Keras's order, with the channels of a picture brought to the front. */
function emitInput({ graph, channelsFirst }: BuildState, { layer }: Step, { shapes }: BuildOptions): Value {
  const shape = shapes[layer.name];
  if (!shape) return fail("SHAPE_MISMATCH", `No shape was given for the input "${layer.name}".`, { details: { input: layer.name } });
  const input = graph.input(layer.name, "float32", shape);
  if (channelsFirst || shape.length < 4) return { tensor: input };
  const order = channelsLastOrder(shape.length);
  return { tensor: graph.transpose(input, invert(order)), order };
}

function valueAt(plan: Plan, values: StepValues, { step, tensor }: StepOutput): Value {
  return values[step]?.[tensor] ?? failOutput(plan.steps[step] as Step, tensor);
}

/** Gives layers' tensors their layers' names, outputs first; an output that shares its tensor with another one gets its own. */
function finish(plan: Plan, { values, needed, state, options }: Built, ends: readonly (StepOutput & { value: Value })[]): BuiltModel {
  const { graph } = state;
  const names = new Map<string, string>();
  const inputs = new Set(graph.finish([]).inputs.map(({ name }) => name));
  const outputs = ends.map((end) => {
    // Only a layer's first output is listed with its order: further ones are given in Keras's.
    const { tensor: made, order } = end.value;
    const own = end.tensor > 0 && order ? state.transposed(made, order) : made;
    const tensor = names.has(own) || inputs.has(own) ? graph.emit("Identity", [own]) : own;
    names.set(tensor, outputName(plan, end));
    return tensor;
  });
  for (const i of needed) {
    const step = plan.steps[i] as Step;
    const tensor = values[i]?.[0]?.tensor as string;
    if (!names.has(tensor) && !inputs.has(tensor) && step.listed && !isInput(step)) names.set(tensor, step.path);
  }
  const ownNames = new Map(ends.flatMap((end) => (end.tensor === 0 ? [[end.step, outputName(plan, end)] as const] : [])));
  return { graph: renameTensors(graph.finish(outputs), names), layers: listLayers(plan, { values, needed, state, options }, names, ownNames) };
}

/** The graph up to a tensor within a layer. */
function finishAtTensor(plan: Plan, built: Built, until: string): BuiltModel {
  const { graph } = built.state;
  if (!graph.has(until)) failStop(until);
  const whole = graph.finish([until]);
  return { graph: subgraph(whole, whole.outputs), layers: listLayers(plan, built, new Map(), new Map()) };
}

/** @param ends names of the steps that are outputs: two that share a tensor have a name each */
function listLayers(plan: Plan, { values, needed, state, options }: Built, names: ReadonlyMap<string, string>, ends: ReadonlyMap<number, string>): Layer[] {
  const listed = [...needed].sort((a, b) => a - b).filter((i) => plan.steps[i]?.listed);
  return listed.map((i): Layer => {
    const step = plan.steps[i] as Step;
    const value = values[i]?.[0] as Value;
    const rank = state.graph.shape(value.tensor).length;
    const channel = options.channelsFirst && rank > 3 ? 1 : rank - 1;
    const inputs = tensorsOfCall(step.call).filter((from) => plan.steps[from.step]?.listed);
    return {
      name: step.path,
      kind: step.layer.kind,
      output: ends.get(i) ?? names.get(value.tensor) ?? value.tensor,
      inputs: [...new Set(inputs.map((from) => (plan.steps[from.step] as Step).path))],
      parameters: step.first ? options.parameters(step) : 0,
      channelAxis: rank < 2 ? undefined : (value.order?.[channel] ?? channel),
      ...(value.order ? { ownOrder: value.order } : {}),
    };
  });
}
