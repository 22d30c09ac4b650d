// GraphProto → Graph: nodes in order, Constants among the initializers, weights in place.

import { fail } from "../../errors.ts";
import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from "../proto/onnx.ts";
import { type Dim, type Graph, type Node, nameNode, type ValueInfo, type Weight } from "../types.ts";
import { decodeAttributes } from "./attribute.ts";
import { constantWeight } from "./constant.ts";
import { failContradiction } from "./contradiction.ts";
import type { ExternalFiles } from "./external.ts";
import { inOrder } from "./order.ts";
import { dataTypeName, decodeTensor, dtypeOf } from "./tensor.ts";

export interface DecodeContext {
  readonly files: ExternalFiles;
  readonly opset: number;
  readonly domains: Readonly<Record<string, number>>;
}

/**
 * A graph of the file.
 *
 * @param outer names that a subgraph sees from around it
 * @throws {BAD_MODEL} if it contradicts itself @throws {UNSUPPORTED_OPERATOR}
 */
export function decodeGraph(proto: GraphProto, context: DecodeContext, outer: ReadonlySet<string> = new Set()): Graph {
  if (proto.sparseInitializer.length) {
    fail("UNSUPPORTED_OPERATOR", "The model has sparse weights, which are not supported.", { hint: "Export the model with dense weights." });
  }
  const { weights, foreign } = decodeWeights(proto, context.files);
  const inputs = proto.input.filter((input) => !weights.has(input.name ?? "")).map((input) => decodeInput(input, proto));
  const own = new Set([...inputs.map((input) => input.name), ...weights.keys()]);
  const visible = new Set([...outer, ...own, ...proto.node.flatMap((node) => node.output)]);
  const nodes = proto.node.filter((node) => !isConstant(node)).map((node) => decodeNode(node, context, visible));
  checkReadable(nodes, foreign);
  return {
    name: proto.name ?? "",
    nodes: inOrder(nodes, own, outer),
    inputs,
    outputs: proto.output.map(decodeOutput),
    initializers: weights,
    opset: context.opset,
    domains: context.domains,
  };
}

interface Weights {
  readonly weights: Map<string, Weight>;
  /** Element types of constants that cannot be computed with, by name. */
  readonly foreign: Map<string, string>;
}

function decodeWeights(proto: GraphProto, files: ExternalFiles): Weights {
  const weights = new Map<string, Weight>();
  const foreign = new Map<string, string>();
  const put = (name: string, weight: Weight | undefined, type: string) => {
    if (weights.has(name) || foreign.has(name) || name === "") failContradiction(`Two constants of the model are called "${name}".`, { name });
    if (weight) weights.set(name, weight);
    else foreign.set(name, type);
  };
  for (const tensor of proto.initializer) put(tensor.name ?? "", readable(tensor, files), dataTypeName(tensor.dataType));
  for (const node of proto.node) {
    if (isConstant(node)) put(node.output[0] ?? "", constantWeight(node, files), dataTypeName(node.attribute[0]?.t?.dataType ?? 8));
  }
  return { weights, foreign };
}

function readable(tensor: TensorProto, files: ExternalFiles): Weight | undefined {
  return dtypeOf(tensor.dataType) && decodeTensor(tensor, files);
}

function isConstant(node: NodeProto): boolean {
  return node.opType === "Constant" && standard(node.domain) === "";
}

/** `ai.onnx` is another name of the standard operators' domain. */
export function standard(domain: string | undefined): string {
  return domain === undefined || domain === "ai.onnx" ? "" : domain;
}

function decodeNode(node: NodeProto, context: DecodeContext, visible: ReadonlySet<string>): Node {
  return {
    op: node.opType ?? "",
    domain: standard(node.domain),
    name: node.name ?? "",
    inputs: trimmed(node.input),
    outputs: trimmed(node.output),
    attrs: decodeAttributes(node, context.files, (graph) => decodeGraph(graph, context, visible)),
  };
}

/** Without the empty names at the end: what is left out need not be listed. */
function trimmed(names: readonly string[]): readonly string[] {
  return names.slice(0, names.findLastIndex((name) => name !== "") + 1);
}

function decodeInput(input: ValueInfoProto, graph: GraphProto): ValueInfo {
  const type = input.type?.tensorType;
  const dtype = type && dtypeOf(type.elemType);
  if (!dtype) {
    return fail("UNSUPPORTED_OPERATOR", `The model's input "${input.name}" is no tensor of numbers (${type ? dataTypeName(type.elemType) : "another kind"}).`, {
      hint: "Only models whose inputs are tensors of numbers can be read.",
      details: { input: input.name },
    });
  }
  return { name: input.name ?? "", dtype, shape: type.shape?.dim.map(decodeDim) ?? unknownShape(input.name ?? "", graph) };
}

function decodeOutput(output: ValueInfoProto): ValueInfo {
  const type = output.type?.tensorType;
  return { name: output.name ?? "", dtype: dtypeOf(type?.elemType) ?? "float32", shape: type?.shape?.dim.map(decodeDim) ?? [] };
}

function decodeDim({ dimValue, dimParam }: { dimValue?: number; dimParam?: string }): Dim {
  return dimValue !== undefined && dimValue > 0 ? dimValue : (dimParam ?? "") || null;
}

/** Open sizes in the number that the first convolution wants, for inputs whose rank the file does not say. */
function unknownShape(input: string, graph: GraphProto): Dim[] {
  const conv = graph.node.find((node) => node.opType === "Conv" && node.input[0] === input);
  const kernel = graph.initializer.find((tensor) => tensor.name === conv?.input[1]);
  if (kernel) return kernel.dims.map(() => null);
  return fail("UNSUPPORTED_OPERATOR", `The model does not say how many axes its input "${input}" has.`, {
    hint: "Export the model with the shapes of its inputs.",
    details: { input },
  });
}

function checkReadable(nodes: readonly Node[], foreign: ReadonlyMap<string, string>): void {
  if (foreign.size === 0) return;
  for (const node of nodes) {
    const name = node.inputs.find((input) => foreign.has(input));
    if (name !== undefined) {
      fail("UNSUPPORTED_OPERATOR", `${nameNode(node)} reads "${name}", whose elements are of type ${foreign.get(name)}.`, {
        hint: "Export the model with float32 weights.",
        details: { op: node.op, node: node.name, tensor: name },
      });
    }
  }
}
