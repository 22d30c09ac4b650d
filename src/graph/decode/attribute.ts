// Attributes of an ONNX file.

import { fail } from "../../errors.ts";
import { type AttributeProto, attributeTypes, type GraphProto, type NodeProto } from "../proto/onnx.ts";
import type { Attribute, Graph } from "../types.ts";
import { failContradiction } from "./contradiction.ts";
import type { ExternalFiles } from "./external.ts";
import { decodeTensor } from "./tensor.ts";

export type DecodeSubgraph = (graph: GraphProto) => Graph;

/** A node's attributes by name. @throws {UNSUPPORTED_OPERATOR} for sparse tensors and types @throws {BAD_MODEL} */
export function decodeAttributes(node: NodeProto, files: ExternalFiles, subgraph: DecodeSubgraph): Record<string, Attribute> {
  const entries = node.attribute.map((attribute) => [attribute.name ?? "", decodeAttribute(attribute, node, files, subgraph)] as const);
  return Object.fromEntries(entries);
}

function decodeAttribute(proto: AttributeProto, node: NodeProto, files: ExternalFiles, subgraph: DecodeSubgraph): Attribute {
  switch (kindOf(proto)) {
    case "float":
      return { kind: "float", value: proto.f ?? 0 };
    case "int":
      return { kind: "int", value: proto.i ?? 0 };
    case "string":
      return { kind: "string", value: proto.s ?? "" };
    case "floats":
      return { kind: "floats", value: proto.floats };
    case "ints":
      return { kind: "ints", value: proto.ints };
    case "strings":
      return { kind: "strings", value: proto.strings };
    case "tensor":
      return { kind: "tensor", value: decodeTensor(proto.t ?? failEmpty(proto, node), files) };
    case "graph":
      return { kind: "graph", value: subgraph(proto.g ?? failEmpty(proto, node)) };
    default:
      return fail(
        "UNSUPPORTED_OPERATOR",
        `Attribute "${proto.name}" of ${node.opType} "${nameOf(node)}" is of a kind that Pellucid does not read (${proto.type}).`,
        {
          hint: "Sparse tensors, optional values and sequences are not supported; export the model with dense tensors.",
          details: { op: node.opType, node: node.name, attribute: proto.name, type: proto.type },
        },
      );
  }
}

const kinds = Object.entries(attributeTypes) as [Attribute["kind"], number][];

/** The kind that the file says, or, in the oldest files, the one whose field is there. */
function kindOf(proto: AttributeProto): Attribute["kind"] | undefined {
  if (proto.type) return kinds.find(([, number]) => number === proto.type)?.[0];
  if (proto.f !== undefined) return "float";
  if (proto.i !== undefined) return "int";
  if (proto.s !== undefined) return "string";
  if (proto.t) return "tensor";
  if (proto.g) return "graph";
  return proto.floats.length ? "floats" : proto.strings.length ? "strings" : "ints";
}

function failEmpty(proto: AttributeProto, node: NodeProto): never {
  return failContradiction(`Attribute "${proto.name}" of ${node.opType} "${nameOf(node)}" is empty.`, { node: node.name, attribute: proto.name });
}

function nameOf(node: NodeProto): string {
  return node.name || (node.output[0] ?? "");
}
