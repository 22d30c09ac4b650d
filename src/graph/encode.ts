// A graph as the bytes of an ONNX file.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { assert } from "../errors.ts";
import {
  AttributeField,
  DimField,
  dtypeNumbers,
  EntryField,
  GraphField,
  kindNumbers,
  ModelField,
  NodeField,
  OpsetField,
  ShapeField,
  TensorField,
  TensorTypeField,
  TypeField,
  ValueInfoField,
} from "./proto.ts";
import { type Attribute, type Dim, type Graph, isRegion, type Node, type Region, type ValueInfo, type Weight } from "./types.ts";

export interface EncodeOptions {
  /** Where a region's bytes will be found: a file beside the ONNX file, and the offset in it. */
  external?: (region: Region) => { location: string; offset: number };
  /** Key-value pairs for the file's `metadata_props`. */
  metadata?: Readonly<Record<string, string>>;
}

/** Version of the file format that came with opset 21. */
const IR_VERSION = 10;

const EXTERNAL = 1;

/**
 * The graph as an ONNX ModelProto. Bytes are written as `raw_data`; regions as `external_data`, or, without `external`,
 * they must have been read before.
 */
export function encodeOnnx(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(ModelField.irVersion, WireType.Varint).int64(IR_VERSION);
  text(writer, ModelField.producerName, "pellucid");
  message(writer, ModelField.graph, () => writeGraph(writer, graph, options));
  for (const [domain, version] of [["", graph.opset], ...Object.entries(graph.domains)] as const) {
    message(writer, ModelField.opsetImport, () => {
      if (domain !== "") text(writer, OpsetField.domain, domain);
      writer.tag(OpsetField.version, WireType.Varint).int64(version);
    });
  }
  for (const [key, value] of Object.entries(options.metadata ?? {})) writeEntry(writer, ModelField.metadata, key, value);
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: Graph, options: EncodeOptions): void {
  for (const node of graph.nodes) message(writer, GraphField.node, () => writeNode(writer, node, options));
  text(writer, GraphField.name, graph.name || "graph");
  for (const [name, weight] of graph.initializers) message(writer, GraphField.initializer, () => writeTensor(writer, name, weight, options));
  for (const input of graph.inputs) message(writer, GraphField.input, () => writeValueInfo(writer, input));
  for (const output of graph.outputs) message(writer, GraphField.output, () => writeValueInfo(writer, output));
}

function writeNode(writer: BinaryWriter, node: Node, options: EncodeOptions): void {
  for (const input of node.inputs) text(writer, NodeField.input, input);
  for (const output of node.outputs) text(writer, NodeField.output, output);
  if (node.name !== "") text(writer, NodeField.name, node.name);
  text(writer, NodeField.op, node.op);
  for (const [name, attribute] of Object.entries(node.attrs)) {
    message(writer, NodeField.attribute, () => writeAttribute(writer, name, attribute, options));
  }
  if (node.domain !== "") text(writer, NodeField.domain, node.domain);
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute, options: EncodeOptions): void {
  text(writer, AttributeField.name, name);
  writer.tag(AttributeField.type, WireType.Varint).int32(kindNumbers[attribute.kind]);
  switch (attribute.kind) {
    case "float":
      writer.tag(AttributeField.float, WireType.Bit32).float(attribute.value);
      break;
    case "int":
      writer.tag(AttributeField.int, WireType.Varint).int64(toInt64(attribute.value));
      break;
    case "string":
      text(writer, AttributeField.string, attribute.value);
      break;
    case "floats":
      for (const value of attribute.value) writer.tag(AttributeField.floats, WireType.Bit32).float(value);
      break;
    case "ints":
      for (const value of attribute.value) writer.tag(AttributeField.ints, WireType.Varint).int64(toInt64(value));
      break;
    case "strings":
      for (const value of attribute.value) text(writer, AttributeField.strings, value);
      break;
    case "tensor":
      message(writer, AttributeField.tensor, () => writeTensor(writer, "", attribute.value, options));
      break;
    case "graph":
      message(writer, AttributeField.graph, () => writeGraph(writer, attribute.value, options));
  }
}

function writeTensor(writer: BinaryWriter, name: string, weight: Weight, options: EncodeOptions): void {
  for (const d of weight.shape) writer.tag(TensorField.shape, WireType.Varint).int64(d);
  writer.tag(TensorField.dtype, WireType.Varint).int32(dtypeNumbers[weight.dtype]);
  if (name !== "") text(writer, TensorField.name, name);
  const { data } = weight;
  if (!isRegion(data)) {
    writer.tag(TensorField.raw, WireType.LengthDelimited).bytes(data);
    return;
  }
  assert(options.external, `the weight "${name}" was not read before encoding`);
  const { location, offset } = options.external(data);
  writeEntry(writer, TensorField.external, "location", location);
  writeEntry(writer, TensorField.external, "offset", String(offset));
  writeEntry(writer, TensorField.external, "length", String(data.length));
  writer.tag(TensorField.location, WireType.Varint).int32(EXTERNAL);
}

function writeValueInfo(writer: BinaryWriter, info: ValueInfo): void {
  text(writer, ValueInfoField.name, info.name);
  message(writer, ValueInfoField.type, () =>
    message(writer, TypeField.tensor, () => {
      writer.tag(TensorTypeField.dtype, WireType.Varint).int32(dtypeNumbers[info.dtype]);
      message(writer, TensorTypeField.shape, () => {
        for (const d of info.shape) message(writer, ShapeField.dim, () => writeDim(writer, d));
      });
    }),
  );
}

function writeDim(writer: BinaryWriter, d: Dim): void {
  if (typeof d === "number") writer.tag(DimField.value, WireType.Varint).int64(d);
  else if (d !== null) text(writer, DimField.symbol, d);
}

function writeEntry(writer: BinaryWriter, field: number, key: string, value: string): void {
  message(writer, field, () => {
    text(writer, EntryField.key, key);
    text(writer, EntryField.value, value);
  });
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

/** Numbers above 2^53 were rounded when they were read: "as far as it goes" is written as the largest int64. */
function toInt64(value: number): bigint {
  const limit = 2n ** 63n;
  const big = BigInt(value);
  return big >= limit ? limit - 1n : big < -limit ? -limit : big;
}
