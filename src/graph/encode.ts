// A graph as the bytes of an ONNX file.

import { assert } from "../errors.ts";
import {
  type AttributeProto,
  attributeTypes,
  type DimensionProto,
  dataTypes,
  type EntryProto,
  EXTERNAL,
  type GraphProto,
  ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./proto/onnx.ts";
import { writeMessage } from "./proto/write.ts";
import { type Attribute, type Dim, type Graph, isRegion, type Node, type Region, type ValueInfo, type Weight } from "./types.ts";

export interface EncodeOptions {
  /** Where a region's bytes will be found: a file beside the ONNX file, and the offset in it. */
  external?: (region: Region) => { location: string; offset: number };
  /** Key-value pairs for the file's `metadata_props`. */
  metadata?: Readonly<Record<string, string>>;
}

type Place = EncodeOptions["external"];

/** Version of the file format that came with opset 21. */
const IR_VERSION = 10;

/**
 * The graph as an ONNX ModelProto. Weights in memory are written as `raw_data`, regions as `external_data`. Without
 * `external`, all weights must be in memory.
 */
export function encodeOnnx(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  return writeMessage(ModelProto, {
    irVersion: IR_VERSION,
    producerName: "pellucid",
    graph: graphProto(graph, options.external) as GraphProto,
    opsetImport: [{ domain: "", version: graph.opset }, ...Object.entries(graph.domains).map(([domain, version]) => ({ domain, version }))],
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => entry(key, value)),
  });
}

function graphProto(graph: Graph, place: Place): Partial<GraphProto> {
  return {
    name: graph.name || "graph",
    node: graph.nodes.map((node) => nodeProto(node, place) as NodeProto),
    initializer: [...graph.initializers].map(([name, weight]) => tensorProto(weight, place, name) as TensorProto),
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
  };
}

function nodeProto(node: Node, place: Place): Partial<NodeProto> {
  return {
    input: [...node.inputs],
    output: [...node.outputs],
    name: node.name || undefined,
    opType: node.op,
    attribute: Object.entries(node.attrs).map(([name, attribute]) => attributeProto(name, attribute, place) as AttributeProto),
    domain: node.domain || undefined,
  };
}

function attributeProto(name: string, attribute: Attribute, place: Place): Partial<AttributeProto> {
  return { name, type: attributeTypes[attribute.kind], ...attributeValue(attribute, place) };
}

function attributeValue(attribute: Attribute, place: Place): Partial<AttributeProto> {
  switch (attribute.kind) {
    case "float":
      return { f: attribute.value };
    case "int":
      return { i: attribute.value };
    case "string":
      return { s: attribute.value };
    case "floats":
      return { floats: [...attribute.value] };
    case "ints":
      return { ints: [...attribute.value] };
    case "strings":
      return { strings: [...attribute.value] };
    case "tensor":
      return { t: tensorProto(attribute.value, place) as TensorProto };
    case "graph":
      return { g: graphProto(attribute.value, place) as GraphProto };
  }
}

function tensorProto({ dtype, shape, data }: Weight, place: Place, name?: string): Partial<TensorProto> {
  const head = { dims: [...shape], dataType: dataTypes[dtype], name };
  return isRegion(data) ? { ...head, ...external(data, place, name), dataLocation: EXTERNAL } : { ...head, rawData: data };
}

function external(region: Region, place: Place, name?: string): Partial<TensorProto> {
  assert(place, `the weight "${name}" was not read before encoding`);
  const { location, offset } = place(region);
  return { externalData: [entry("location", location), entry("offset", String(offset)), entry("length", String(region.length))] };
}

function valueInfoProto({ name, dtype, shape }: ValueInfo): ValueInfoProto {
  return { name, type: { tensorType: { elemType: dataTypes[dtype], shape: { dim: shape.map(dimensionProto) } } } };
}

function dimensionProto(d: Dim): DimensionProto {
  return typeof d === "number" ? { dimValue: d } : d === null ? {} : { dimParam: d };
}

function entry(key: string, value: string): EntryProto {
  return { key, value };
}
