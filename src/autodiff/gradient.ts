// Reverse-mode differentiation of a graph: from a forward graph to a graph of ordinary inference operators that also
// computes gradients.

import { assert, fail } from "../errors.ts";
import { readAttrs } from "../graph/attributes.ts";
import { dependencies, dependents, subgraph } from "../graph/subgraph.ts";
import type { Graph, Node } from "../graph/types.ts";
import type { AnyOp, Features, GradientRule, Rule } from "../ops/define.ts";
import { type Concrete, concretize } from "../ops/infer.ts";
import { findOp } from "../ops/table.ts";
import { GraphWriter } from "../ops/writer.ts";
import { isFloat } from "../tensor/dtype.ts";
import { formatShape } from "../tensor/tensor.ts";

/** Gradient rules that take the place of the standard ones, by operator type. */
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
  /** What the kernels can do that will run it. Default: all. */
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

/** Kernels of ONNX Runtime's CPU and wasm providers. */
export const cpuFeatures: Features = { maxPoolIndices: true };

/**
 * The graph that computes the gradient of Σ seed · `of` with respect to `wrt`, beside what it computed before. Made of
 * standard ONNX operators only; only what lies between `wrt` and `of` is differentiated.
 *
 * @throws {NO_GRADIENT} if an operator on the way has no rule
 * @throws {UNKNOWN_LAYER} if a tensor is not in the graph, or `of` does not depend on it
 * @example
 * const { graph } = gradient(model, { of: "logits", wrt: ["input"] });
 */
export function gradient(graph: Graph, options: GradientOptions): Gradient {
  return differentiate(concretize(graph, options.shapes), options);
}

/** As `gradient`, on a graph that is concrete already. */
export function differentiate(concrete: Concrete, options: GradientOptions): Gradient {
  const writer = new GraphWriter(concrete.graph, concrete.infos);
  for (const name of [options.of, ...options.wrt, ...(options.keep ?? [])]) {
    if (!writer.has(name)) fail("UNKNOWN_LAYER", `The graph has no tensor "${name}".`, { details: { tensor: name } });
  }
  const seed = writer.input(options.seed ?? "seed", writer.dtype(options.of), writer.shape(options.of));
  const found = backpropagate(writer, { ...options, seed });
  const gradients = options.wrt.map((name, i) => writer.emit("Identity", [found[i] as string], {}, `d_${options.of}/d_${name}`));
  const whole = writer.finish([...(options.keep ?? []), ...gradients]);
  return { graph: subgraph(whole, whole.outputs), seed, gradients };
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
 */
export function backpropagate(writer: GraphWriter, { of, wrt, seed, rules = {}, features = cpuFeatures }: Backpropagation): string[] {
  const forward = [...writer.nodes];
  const reached = dependents(forward, wrt);
  for (const name of wrt) {
    if (!dependents(forward, [name]).has(of))
      fail("UNKNOWN_LAYER", `"${of}" does not depend on "${name}", so it has no gradient there.`, { details: { of, wrt: name } });
  }
  const needed = dependencies(forward, [of]);
  const active = (name: string) => name !== "" && reached.has(name) && needed.has(name) && isFloat(writer.dtype(name));
  const contributions = new Map<string, string[]>([[of, [seed]]]);
  const wanted = new Set(wrt);

  const total = (name: string): string | undefined => {
    const parts = contributions.get(name);
    if (!parts?.length) return undefined;
    const sum = parts.length === 1 ? (parts[0] as string) : writer.emit("Sum", parts);
    contributions.set(name, [sum]);
    return sum;
  };

  for (let i = forward.length - 1; i >= 0; i--) {
    const node = forward[i] as Node;
    if (!node.outputs.some((name) => contributions.has(name)) || !node.inputs.some(active)) continue;
    writer.scope = `gradient/${node.name || node.outputs[0]}`;
    const op = findOp(node.op, node.domain) as AnyOp;
    const custom = rules[node.op];
    if (!custom && op.gradient === "zero") continue;
    const rule = custom ?? op.gradient ?? failNoRule(node);
    assert(typeof rule === "function", "a gradient rule is a function");
    const gradients = rule(ruleFor(writer, node, op, total, active, features));
    node.inputs.forEach((name, k) => {
      const dx = gradients[k];
      if (!dx || !active(name)) return;
      const fitted = unbroadcast(writer, dx, writer.shape(name), node);
      contributions.set(name, [...(contributions.get(name) ?? []), fitted]);
    });
    // A tensor that is asked for keeps its gradient; all others are done with.
    for (const name of node.outputs) if (!wanted.has(name)) contributions.delete(name);
  }
  writer.scope = "gradient";
  return wrt.map((name) => total(name) ?? zerosLike(writer, name));
}

function ruleFor(
  writer: GraphWriter,
  node: Node,
  op: AnyOp,
  total: (name: string) => string | undefined,
  active: (name: string) => boolean,
  features: Features,
): Rule {
  let current = node;
  const like = (name?: string) => writer.dtype(name ?? (node.inputs[0] as string));
  const rule: Rule = {
    node,
    attrs: readAttrs(node, op.attrs),
    features,
    inputCount: node.inputs.length,
    infos: node.inputs.map((name) => (name === "" ? undefined : writer.info(name))),
    in: (i) => {
      const name = node.inputs[i];
      assert(name, `${node.op} has no input ${i}`);
      return name;
    },
    has: (i) => Boolean(node.inputs[i]),
    out: (i) => {
      const known = current.outputs[i];
      if (known) return known;
      const outputs = Array.from({ length: i + 1 }, (_, k) => current.outputs[k] || writer.unique(`${node.outputs[0]}:${k}`));
      const wider = { ...current, outputs };
      writer.replace(current, wider);
      current = wider;
      return outputs[i] as string;
    },
    flows: (i) => Boolean(node.outputs[i] && total(node.outputs[i] as string)),
    dy: (i = 0) => {
      const name = node.outputs[i] as string;
      return total(name) ?? zerosLike(writer, name);
    },
    wants: (i) => active(node.inputs[i] ?? ""),
    shape: (name) => writer.shape(name),
    dtype: (name) => writer.dtype(name),
    value: (name) => writer.value(name),
    emit: (type, inputs, attrs) => writer.emit(type, inputs, attrs),
    emitMany: (type, inputs, outputs, attrs) => writer.emitMany(type, inputs, outputs, attrs),
    scalar: (value, name) => writer.scalar(value, like(name)),
    constant: (values, shape, dtype = like()) => writer.constant(dtype, shape, values),
    ints: (values) => writer.ints(values),
    reshape: (name, shape) => writer.reshape(name, shape),
    transpose: (name, order) => writer.transpose(name, order),
  };
  return rule;
}

/** Sums a gradient over the axes along which the input was broadcast. */
function unbroadcast(writer: GraphWriter, dx: string, shape: readonly number[], node: Node): string {
  const from = writer.shape(dx);
  if (formatShape(from) === formatShape(shape)) return dx;
  const extra = from.length - shape.length;
  const axes = from.flatMap((d, i) => (i < extra || (shape[i - extra] === 1 && d !== 1) ? [i] : []));
  assert(extra >= 0, `the gradient of ${node.op} has shape ${formatShape(from)}, its input ${formatShape(shape)}`);
  const summed = axes.length ? writer.emit("ReduceSum", [dx, writer.ints(axes)], { keepdims: 1 }) : dx;
  const fitted = writer.reshape(summed, shape);
  assert(formatShape(writer.shape(fitted)) === formatShape(shape), `the gradient of ${node.op} has the wrong shape`);
  return fitted;
}

function zerosLike(writer: GraphWriter, name: string): string {
  return writer.emit("Expand", [writer.scalar(0, writer.dtype(name)), writer.ints(writer.shape(name))]);
}

function failNoRule(node: Node): never {
  return fail(
    "NO_GRADIENT",
    `${node.domain ? `${node.domain}.` : ""}${node.op} (node "${node.name}") has no gradient rule, so nothing behind it can be differentiated.`,
    {
      hint: "Choose a layer behind this node, or use a method that needs no gradient.",
      details: { op: node.op, node: node.name },
    },
  );
}
