// A TensorFlow graph as an ONNX graph at concrete input shapes, channels first where it convolves.

import { fail } from "../../errors.ts";
import { dataTypes } from "../../graph/proto/onnx.ts";
import { renameTensors } from "../../graph/rename.ts";
import { subgraph } from "../../graph/subgraph.ts";
import type { Weight } from "../../graph/types.ts";
import { GraphWriter } from "../../ops/writer.ts";
import { type DType, isFloat } from "../../tensor/dtype.ts";
import { type AxesWriter, axesWriter, own as ownTensor } from "../keras/layers/axes.ts";
import type { Value } from "../keras/layers/value.ts";
import type { BuiltModel } from "../loaded-model.ts";
import { computedType } from "./attributes.ts";
import type { TfOp } from "./define.ts";
import type { GraphNode, OutputRef } from "./graph-def.ts";
import { listLayers } from "./layers.ts";
import { NodeWriter } from "./node-writer.ts";
import { neededNodes } from "./order.ts";
import { type ComplexValue, IN_PARTS, imaginaryPart, isComplex } from "./spectral.ts";
import { findTfOp } from "./table.ts";
import { computes, outputName, type TfGraph, type Written } from "./tf-graph.ts";

/** The model at these shapes. @throws {SHAPE_MISMATCH} @throws {UNKNOWN_LAYER} @throws {UNSUPPORTED_OPERATOR} @throws {BAD_MODEL} */
export function buildTfGraph(graph: TfGraph, shapes: Readonly<Record<string, readonly number[]>>, until?: string): BuiltModel {
  const targets = until === undefined ? graph.outputs : [untilTarget(graph, until)];
  const order = neededNodes(
    graph.nodes,
    targets.map(({ node }) => node),
  );
  const writer = new GraphWriter();
  for (const node of order) if (!graph.inputs.has(node.name)) writer.unique(graph.names.get(node.name) as string);
  const values = new Map<string, readonly Value[]>();
  const written: Written = { graph, order, axes: axesWriter(writer), values };
  for (const node of order) {
    writer.scope = graph.names.get(node.name) as string;
    values.set(node.name, writeNode(written, node, shapes));
  }
  const inner = until !== undefined && until !== graph.names.get(targets[0]?.node as string);
  return inner ? finishAtTensor(written, until) : finish(written, targets);
}

/** The node of this name, or the one whose ONNX nodes make the tensor of this name. */
function untilTarget({ names }: TfGraph, until: string): OutputRef {
  let owner: string | undefined;
  for (const [node, name] of names) {
    if (name === until) return { node, output: 0 };
    if (until.startsWith(`${name}/`) && (owner === undefined || name.length > (names.get(owner) as string).length)) owner = node;
  }
  return owner === undefined ? failUnknown(until) : { node: owner, output: 0 };
}

function failUnknown(until: string): never {
  return fail("UNKNOWN_LAYER", `The model has no layer or tensor "${until}".`, { details: { layer: until } });
}

function writeNode({ graph, axes, values }: Written, node: GraphNode, shapes: Readonly<Record<string, readonly number[]>>): readonly Value[] {
  const constant = graph.constants.get(node.name);
  if (constant) return [writeConstant(axes, constant)];
  const inputs = node.inputs.map(({ node: from, output }) => values.get(from)?.[output] ?? failOutput(node, from, output));
  const writer = new NodeWriter(axes, node, inputs);
  const dtype = graph.inputs.get(node.name);
  if (dtype) return [writeInput(writer, dtype, shapes[node.name])];
  const op = findTfOp(node);
  const { least = 1 } = op;
  if (inputs.length < least) writer.fail("BAD_MODEL", `has ${inputs.length} inputs, but needs ${least}`);
  if (op.complex || !inputs.some(isComplex)) return emitted(op, writer);
  if (!IN_PARTS.has(node.op)) writer.fail("UNSUPPORTED_OPERATOR", "computes with complex numbers");
  const imaginary = emitted(op, new NodeWriter(axes, node, inputs.map(imaginaryPart)));
  return emitted(op, writer).map((value, i): ComplexValue => ({ ...value, imaginary: imaginary[i]?.tensor as string }));
}

function emitted({ emit }: TfOp, writer: NodeWriter): readonly Value[] {
  const outputs = emit(writer);
  return Array.isArray(outputs) ? (outputs as readonly Value[]) : [outputs as Value];
}

function writeConstant({ graph }: AxesWriter, weight: Weight): Value {
  const stored = graph.weight(`${graph.scope}/value`, weight);
  const type = computedType(weight.dtype);
  return { tensor: weight.dtype === type ? stored : graph.emit("Cast", [stored], { to: dataTypes[type] }) };
}

function writeInput(w: NodeWriter, dtype: DType, shape: readonly number[] | undefined): Value {
  if (!shape) return fail("SHAPE_MISMATCH", `No shape was given for the input "${w.node.name}".`, { details: { input: w.node.name } });
  return { tensor: w.cast(w.axes.graph.input(w.node.name, dtype, shape), computedType(dtype)) };
}

function failOutput(node: GraphNode, from: string, output: number): never {
  return fail("BAD_MODEL", `Node "${node.name}" (${node.op}) reads output ${output} of "${from}", which has fewer.`, { details: { node: node.name, from } });
}

/** Gives tensors the names of their nodes, outputs first; an output that shares its tensor gets one of its own. */
function finish({ graph, order, axes, values }: Written, targets: readonly OutputRef[]): BuiltModel {
  const writer = axes.graph;
  const constants = new Set(writer.finish([]).initializers.keys());
  const layerOrders = ordersOfLayers(graph, order, values);
  const isMade = (tensor: string) => !constants.has(tensor) && !graph.inputs.has(tensor);
  const names = new Map<string, string>();
  const outputs = targets.map((target) => {
    const value = values.get(target.node)?.[target.output] ?? failTarget(graph, target);
    if (isComplex(value)) failComplex(graph, target);
    // The layer of a tensor tells the order of its axes, but only floats have layers, and some tensors several.
    const isLayer = isFloat(writer.dtype(value.tensor)) && layerOrders.get(value.tensor) === String(value.order);
    const tensor = isLayer ? value.tensor : ownTensor(axes, value);
    const own = isMade(tensor) && !names.has(tensor) ? tensor : writer.emit("Identity", [tensor]);
    names.set(own, outputName(graph, target));
    return own;
  });
  const taken = new Set([...names.values(), ...graph.inputs.keys()]);
  for (const node of order) {
    const tensor = values.get(node.name)?.[0]?.tensor as string;
    const name = graph.names.get(node.name) as string;
    if (isMade(tensor) && !names.has(tensor) && !taken.has(name)) names.set(tensor, name);
  }
  const whole = writer.finish(outputs);
  const pruned = subgraph(whole, whole.outputs);
  return { graph: renameTensors(pruned, names), layers: listLayers({ graph, order, axes, values }, pruned, names) };
}

/** The order of axes that a tensor has as a layer; none where layers show it in several. */
function ordersOfLayers(graph: TfGraph, order: readonly GraphNode[], values: ReadonlyMap<string, readonly Value[]>): ReadonlyMap<string, string> {
  const orders = new Map<string, string>();
  for (const node of order) {
    const value = values.get(node.name)?.[0];
    if (!value || !computes(graph, node)) continue;
    const own = String(value.order);
    orders.set(value.tensor, (orders.get(value.tensor) ?? own) === own ? own : "several");
  }
  return orders;
}

function failTarget(graph: TfGraph, target: OutputRef): never {
  return fail("BAD_MODEL", `The model has no output "${outputName(graph, target)}".`, { details: { output: target } });
}

function failComplex(graph: TfGraph, target: OutputRef): never {
  return fail("UNSUPPORTED_OPERATOR", `The output "${outputName(graph, target)}" is of complex numbers.`, {
    hint: "Convert the model with the absolute values, or the real and imaginary parts, as its outputs.",
    details: { output: target },
  });
}

/** The graph up to a tensor within a node. */
function finishAtTensor(written: Written, until: string): BuiltModel {
  const writer = written.axes.graph;
  if (!writer.has(until)) failUnknown(until);
  const whole = writer.finish([until]);
  const pruned = subgraph(whole, whole.outputs);
  return { graph: pruned, layers: listLayers(written, pruned, new Map()) };
}
