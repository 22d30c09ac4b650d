// Half precision to float32: ONNX Runtime's CPU kernels and gradients want floats of 32 bits.

import { bytesOf, type DType, viewAs } from "../tensor/dtype.ts";
import { type Tensor, toFloat32 } from "../tensor/tensor.ts";
import { dataTypes } from "./proto/onnx.ts";
import { type Attribute, type Graph, isRegion, type Node, type ValueInfo, type Weight } from "./types.ts";

/**
 * The graph computing in float32 where it computed in float16 or bfloat16. Large weights stay where they are and go
 * through a `Cast`; inputs and outputs become float32; casts to half precision become casts to float32.
 */
export function widenHalves(graph: Graph): Graph {
  const initializers = new Map<string, Weight>();
  const casts: Node[] = [];
  for (const [name, weight] of graph.initializers) {
    if (isHalf(weight.dtype) && isRegion(weight.data)) {
      const narrow = `${name}:${weight.dtype}`;
      initializers.set(narrow, weight);
      casts.push({ op: "Cast", domain: "", name: narrow, inputs: [narrow], outputs: [name], attrs: { to: { kind: "int", value: dataTypes.float32 } } });
    } else {
      initializers.set(name, widenWeight(weight));
    }
  }
  const nodes = graph.nodes.map(widenNode);
  return { ...graph, initializers, nodes: [...casts, ...nodes], inputs: graph.inputs.map(widenInfo), outputs: graph.outputs.map(widenInfo) };
}

function isHalf(dtype: DType): boolean {
  return dtype === "float16" || dtype === "bfloat16";
}

/** The weight in float32 where it is in half precision and in memory. */
export function widenWeight(weight: Weight): Weight {
  const { dtype, shape, data } = weight;
  if (!isHalf(dtype) || isRegion(data)) return weight;
  return { dtype: "float32", shape, data: bytesOf(toFloat32({ dtype, shape, data: viewAs(dtype, data) } as Tensor).data) };
}

function widenInfo(info: ValueInfo): ValueInfo {
  return isHalf(info.dtype) ? { ...info, dtype: "float32" } : info;
}

function widenNode(node: Node): Node {
  return { ...node, attrs: Object.fromEntries(Object.entries(node.attrs).map(([name, attribute]) => [name, widenAttribute(name, attribute)])) };
}

function widenAttribute(name: string, attribute: Attribute): Attribute {
  if (attribute.kind === "tensor") return { kind: "tensor", value: widenWeight(attribute.value) };
  if (attribute.kind === "graph") return { kind: "graph", value: widenHalves(attribute.value) };
  const saysType = attribute.kind === "int" && (name === "to" || name === "dtype");
  const half = attribute.value === dataTypes.float16 || attribute.value === dataTypes.bfloat16;
  return saysType && half ? { kind: "int", value: dataTypes.float32 } : attribute;
}
