// Reverse-mode differentiation of a graph: from a forward graph to a graph of ordinary inference operators that also
// computes gradients.

import { fail, isPellucidError, PellucidError } from "../errors.ts";
import { dependencies, subgraph } from "../graph/subgraph.ts";
import { type Graph, type Node, nameNode } from "../graph/types.ts";
import { type AnyOp, cpuFeatures, type Features, type GradientRule, type Rule } from "../ops/define.ts";
import { type Concrete, concretize } from "../ops/infer.ts";
import { findOp, operatorName } from "../ops/table.ts";
import { GraphWriter } from "../ops/writer.ts";
import { isFloat } from "../tensor/dtype.ts";
import { startFlow } from "./flow.ts";
import { ruleFor, zerosLike } from "./rule.ts";

/** Gradient rules that take the place of the standard ones, by operator: `Relu`, `com.microsoft.Gelu`. */
export type RuleTable = Readonly<Record<string, GradientRule>>;

export interface GradientOptions {
  /** The tensor whose weighted sum is differentiated: Σ seed · of. */
  of: string;
  /** The tensors to differentiate to: inputs or anything between them and `of`. */
  wrt: readonly string[];
  /** Name for the seed, an input of the new graph with the shape of `of`. Default: `seed`. */
  seed?: string;
  /** Concrete shapes of the model's inputs; those that it leaves open are 1. */
  shapes?: Readonly<Record<string, readonly number[]>>;
  /** Other rules for some operators: guided backpropagation, deconvnet … */
  rules?: RuleTable;
  /** What the kernels can do that will run it. Default: all, as ONNX Runtime's on the CPU. */
  features?: Features;
  /** Forward tensors that stay outputs of the graph, before the gradients. */
  keep?: readonly string[];
}

export interface Gradient {
  /** Outputs: `keep`, then the gradients in the order of `wrt`. One more input: the seed. */
  readonly graph: Graph;
  /** Name of the seed input, `[shape of "of"]`. */
  readonly seed: string;
  /** Names of the gradient outputs, in the order of `wrt`; each has the shape of its tensor. */
  readonly gradients: readonly string[];
}

/**
 * The graph that computes the gradient of Σ seed · `of` with respect to `wrt`, beside what it computed before. Made of
 * standard ONNX operators only; only what lies between `wrt` and `of` is differentiated.
 *
 * @throws {NO_GRADIENT} if an operator on the way has no rule
 * @throws {UNKNOWN_LAYER} if a tensor is not in the graph, or `of` does not depend on it
 * @throws {BAD_ARGUMENT} if a tensor does not hold floats
 * @example
 * const { graph } = gradient(model, { of: "logits", wrt: ["input"] });
 */
export function gradient(graph: Graph, options: GradientOptions): Gradient {
  return differentiate(concretize(graph, options.shapes), options);
}

/** As `gradient`, on a graph that is concrete already. */
export function differentiate(concrete: Concrete, options: GradientOptions): Gradient {
  const writer = new GraphWriter(concrete.graph, concrete.infos);
  const keep = [...new Set(options.keep)];
  for (const name of keep) checkTensor(writer, name);
  checkDifferentiable(writer, options);
  const seed = writer.input(options.seed ?? "seed", writer.dtype(options.of), writer.shape(options.of));
  const found = backpropagate(writer, { ...options, seed });
  const gradients = options.wrt.map((name, i) => writer.emit("Identity", [found[i] as string], {}, `d_${options.of}/d_${name}`));
  const whole = writer.finish([...keep, ...gradients]);
  const graph = subgraph(whole, whole.outputs);
  // The seed stays an input even where nothing flows.
  const inputs = whole.inputs.filter((input) => input.name === seed || graph.inputs.includes(input));
  return { graph: { ...graph, inputs }, seed, gradients };
}

export interface Backpropagation {
  of: string;
  wrt: readonly string[];
  /** Tensor with the shape of `of`. */
  seed: string;
  rules?: RuleTable;
  features?: Features;
}

/**
 * Writes the backward nodes into `writer`; returns the gradient tensors' names in the order of `wrt`. For methods that
 * put more into the graph: an objective before, an ascent step behind.
 *
 * @throws {NO_GRADIENT} @throws {UNKNOWN_LAYER} @throws {BAD_ARGUMENT}
 */
export function backpropagate(writer: GraphWriter, options: Backpropagation): string[] {
  const { of, wrt, seed, rules = {}, features = cpuFeatures } = options;
  checkDifferentiable(writer, options);
  const forward = [...writer.nodes];
  const active = tensorsBetween(writer, forward, options);
  const flow = startFlow(writer, of, seed);
  for (const node of forward.toReversed()) {
    if (!node.outputs.some(flow.reaches) || !node.inputs.some((name) => active.has(name))) continue;
    const rule = ruleOf(node, rules);
    if (rule === "zero") continue;
    writer.scope = `gradient/${node.name || node.outputs[0]}`;
    const gradients = applyRule(rule, ruleFor(writer, node, flow, active, features));
    node.inputs.forEach((name, i) => {
      const dx = gradients[i];
      if (dx && active.has(name)) flow.add(name, dx);
    });
    // A tensor that is asked for keeps its gradient; all others are done with.
    for (const name of node.outputs) if (!wrt.includes(name)) flow.forget(name);
  }
  writer.scope = "gradient";
  return wrt.map((name) => flow.total(name) ?? zerosLike(writer, name));
}

/** What a rule gives; its errors name the node. */
function applyRule(rule: GradientRule, r: Rule): readonly (string | undefined)[] {
  try {
    return rule(r);
  } catch (error) {
    if (!isPellucidError(error)) throw error;
    const { op, name, outputs } = r.node;
    throw new PellucidError(error.code, `The gradient of ${nameNode(r.node)}: ${error.message}`, {
      hint: error.hint ?? "Choose a layer behind it, or export the model again.",
      details: { ...error.details, op, node: name, output: outputs[0] },
      cause: error,
    });
  }
}

/** Tensors that a gradient may flow to: floats, and what they were quantized to, on the paths from any of `wrt` to `of`. @throws {UNKNOWN_LAYER} if there is no path from one of them */
function tensorsBetween(writer: GraphWriter, nodes: readonly Node[], { of, wrt, rules = {} }: Backpropagation): Set<string> {
  const needed = dependencies(nodes, [of]);
  for (const name of wrt) {
    if (needed.has(name)) continue;
    fail("UNKNOWN_LAYER", `"${of}" does not depend on "${name}", so it has no gradient there.`, {
      hint: "Choose an input, or a layer before it.",
      details: { of, wrt: name },
    });
  }
  const reached = new Set(wrt);
  for (const node of nodes) {
    const from = node.inputs.filter((name) => reached.has(name));
    if (from.length === 0 || ruleOf(node, rules) === "zero") continue;
    const { quantizes } = findOp(node.op, node.domain) as AnyOp;
    for (const name of node.outputs) {
      if (!needed.has(name)) continue;
      if (quantizes || isFloat(writer.dtype(name))) reached.add(name);
      else if (!from.every((input) => isFloat(writer.dtype(input)))) failQuantized(node);
    }
  }
  return reached;
}

function ruleOf(node: Node, rules: RuleTable): GradientRule | "zero" {
  const op = findOp(node.op, node.domain) as AnyOp;
  return rules[operatorName(op)] ?? op.gradient;
}

function checkTensor(writer: GraphWriter, name: string): void {
  if (!writer.has(name)) fail("UNKNOWN_LAYER", `The graph has no tensor "${name}".`, { details: { tensor: name } });
}

function checkDifferentiable(writer: GraphWriter, { of, wrt }: Pick<Backpropagation, "of" | "wrt">): void {
  for (const name of [of, ...wrt]) {
    checkTensor(writer, name);
    if (isFloat(writer.dtype(name))) continue;
    fail("BAD_ARGUMENT", `Tensor "${name}" holds ${writer.dtype(name)} numbers, which have no gradient.`, {
      hint: "Choose a tensor of floats.",
      details: { tensor: name, dtype: writer.dtype(name) },
    });
  }
}

/** Works on quantized numbers: what passes there is known for DequantizeLinear only. */
function failQuantized(node: Node): never {
  const output = node.outputs[0];
  return fail("NO_GRADIENT", `${node.op} (node "${node.name || output}") works on quantized numbers, where no gradient passes.`, {
    hint: "Quantize the model with QuantizeLinear and DequantizeLinear around every operator (QDQ format), or use the model before quantization.",
    details: { op: node.op, node: node.name, output },
  });
}
