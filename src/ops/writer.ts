// Writes a graph node by node. Every tensor's shape is inferred the moment its node is added, so readers and gradient
// rules can ask for it.

import { assert, fail } from "../errors.ts";
import { writeAttrs } from "../graph/attributes.ts";
import { type Graph, type Node, OPSET, type ValueInfo, type Weight } from "../graph/types.ts";
import type { DType } from "../tensor/dtype.ts";
import { formatShape, fromNumbers } from "../tensor/tensor.ts";
import type { Info } from "./define.ts";
import { inferNode } from "./infer-node.ts";
import { settle } from "./settle.ts";
import { findOp } from "./table.ts";
import { toWeight, weightInfo } from "./weights.ts";

export class GraphWriter {
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Weight>();
  readonly #inputs: ValueInfo[] = [];
  readonly #infos = new Map<string, Info>();
  readonly #taken = new Set<string>();
  readonly #shared = new Map<string, string>();
  readonly #domains: Record<string, number>;
  readonly #name: string;
  /** Prefix of the names of new nodes, for readers of the graph: `gradient/conv1`. */
  scope = "";

  /** Starts empty, or from a graph whose tensors' infos are known. */
  constructor(base?: Graph, infos?: ReadonlyMap<string, Info>) {
    this.#name = base?.name ?? "model";
    this.#domains = { ...base?.domains };
    if (!base) return;
    assert(infos, "a GraphWriter over a graph needs its infos");
    this.#nodes.push(...base.nodes);
    this.#inputs.push(...base.inputs);
    for (const [name, weight] of base.initializers) this.#initializers.set(name, weight);
    for (const [name, info] of infos) this.#infos.set(name, info);
    for (const name of this.#infos.keys()) this.#taken.add(name);
    for (const node of base.nodes) for (const name of [...node.inputs, ...node.outputs]) this.#taken.add(name);
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  get infos(): ReadonlyMap<string, Info> {
    return this.#infos;
  }

  has(name: string): boolean {
    return this.#infos.has(name);
  }

  /** What is known of a tensor. */
  info(name: string): Info {
    const info = this.#infos.get(name);
    assert(info, `no tensor "${name}" in the graph`);
    return info;
  }

  shape(name: string): readonly number[] {
    return this.info(name).shape;
  }

  dtype(name: string): DType {
    return this.info(name).dtype;
  }

  value(name: string): readonly number[] | undefined {
    return this.info(name).value;
  }

  /** A name that no tensor has yet: `base`, else `base_1`, `base_2` … */
  unique(base: string): string {
    let name = base;
    for (let i = 1; this.#taken.has(name); i++) name = `${base}_${i}`;
    this.#taken.add(name);
    return name;
  }

  /** Keeps a name for a node that is added later. */
  reserve(name: string): void {
    this.#taken.add(name);
  }

  /** Adds a graph input of a concrete shape. */
  input(name: string, dtype: DType, shape: readonly number[]): string {
    const unique = this.unique(name);
    this.#inputs.push({ name: unique, dtype, shape });
    this.#infos.set(unique, { dtype, shape });
    return unique;
  }

  /** Adds a constant tensor. */
  weight(name: string, weight: Weight): string {
    const unique = this.unique(name);
    this.#initializers.set(unique, weight);
    this.#infos.set(unique, weightInfo(weight));
    return unique;
  }

  /** A small constant; equal ones are shared. */
  constant(dtype: DType, shape: readonly number[], values: readonly number[]): string {
    const key = `${dtype}${formatShape(shape)}${values.length <= 64 ? values.map((v) => (Object.is(v, -0) ? "-0" : v)).join() : ""}`;
    const known = values.length <= 64 ? this.#shared.get(key) : undefined;
    if (known) return known;
    const name = this.weight("const", toWeight(fromNumbers(dtype, shape, values)));
    if (values.length <= 64) this.#shared.set(key, name);
    return name;
  }

  ints(values: readonly number[]): string {
    return this.constant("int64", [values.length], values);
  }

  scalar(value: number, dtype: DType = "float32"): string {
    return this.constant(dtype, [], [value]);
  }

  /** Adds a node with one output of interest; returns that tensor's name. `output` names it. `op` may name a domain: `com.microsoft.Gelu`. */
  emit(op: string, inputs: readonly string[], attrs: Readonly<Record<string, unknown>> = {}, output?: string): string {
    return this.emitMany(op, inputs, 1, attrs, output)[0] as string;
  }

  /** Adds a node with several outputs. */
  emitMany(op: string, inputs: readonly string[], outputs: number, attrs: Readonly<Record<string, unknown>> = {}, output?: string): string[] {
    const dot = op.lastIndexOf(".");
    const def = findOp(op.slice(dot + 1), op.slice(0, Math.max(dot, 0))) ?? fail("UNSUPPORTED_OPERATOR", `Operator ${op} is not in Pellucid's table.`);
    if (def.domain) this.#domains[def.domain] ??= 1;
    const base = output ?? `${this.scope ? `${this.scope}/` : ""}${def.type}`;
    const names = Array.from({ length: outputs }, (_, i) => this.unique(i === 0 ? base : `${base}:${i}`));
    const node = { op: def.type, domain: def.domain ?? "", name: names[0] as string, inputs, outputs: names, attrs: writeAttrs(def.attrs, attrs) };
    this.add(node);
    return names;
  }

  /** Adds a ready-made node and infers its outputs. */
  add(node: Node): void {
    const infoOf = (name: string) => this.info(name);
    const infos = inferNode(node, infoOf);
    node.outputs.forEach((name, i) => {
      this.#taken.add(name);
      const info = infos[i];
      if (name !== "" && info) this.#infos.set(name, info);
    });
    this.#nodes.push(settle(node, infoOf));
  }

  /** Replaces a node by one with more outputs (MaxPool's Indices): the old outputs keep their names. */
  replace(old: Node, node: Node): void {
    const i = this.#nodes.indexOf(old);
    assert(i >= 0, `node "${old.name}" is not in the graph`);
    const infos = inferNode(node, (name) => this.info(name));
    node.outputs.forEach((name, k) => {
      this.#taken.add(name);
      if (name !== "" && infos[k] && !this.#infos.has(name)) this.#infos.set(name, infos[k] as Info);
    });
    this.#nodes[i] = node;
  }

  reshape(name: string, shape: readonly number[]): string {
    if (formatShape(this.shape(name)) === formatShape(shape)) return name;
    return this.emit("Reshape", [name, this.ints(shape)], shape.includes(0) ? { allowzero: 1 } : {});
  }

  transpose(name: string, order: readonly number[]): string {
    return order.every((axis, i) => axis === i) ? name : this.emit("Transpose", [name], { perm: order });
  }

  /** The graph, with these tensors as its outputs. */
  finish(outputs: readonly string[]): Graph {
    return {
      name: this.#name,
      nodes: [...this.#nodes],
      inputs: [...this.#inputs],
      outputs: outputs.map((name) => ({ name, dtype: this.dtype(name), shape: this.shape(name) })),
      initializers: new Map(this.#initializers),
      opset: OPSET,
      domains: this.#domains,
    };
  }
}
