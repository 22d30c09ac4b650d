// The part of onnx.proto that Pellucid reads and writes, under ONNX's own names.

import type { DType } from "../../tensor/dtype.ts";
import type { Attribute } from "../types.ts";
import { type MessageType, many, message, one, type Payload } from "./message.ts";

export interface EntryProto {
  key?: string;
  value?: string;
}

export const EntryProto = message<EntryProto>("StringStringEntryProto", { key: [1, "string"], value: [2, "string"] });

export interface OperatorSetIdProto {
  domain?: string;
  version?: number;
}

export const OperatorSetIdProto = message<OperatorSetIdProto>("OperatorSetIdProto", { domain: [1, "string"], version: [2, "int"] });

export interface TensorProto {
  dims: number[];
  dataType?: number;
  floatData?: Payload;
  int32Data?: Payload;
  stringData: string[];
  int64Data?: Payload;
  name?: string;
  rawData?: Payload;
  doubleData?: Payload;
  uint64Data?: Payload;
  externalData: EntryProto[];
  dataLocation?: number;
}

export const TensorProto = message<TensorProto>("TensorProto", {
  dims: [1, "ints"],
  dataType: [2, "int"],
  floatData: [4, "fixed"],
  int32Data: [5, "varints"],
  stringData: [6, "strings"],
  int64Data: [7, "varints"],
  name: [8, "string"],
  rawData: [9, "data"],
  doubleData: [10, "fixed"],
  uint64Data: [11, "varints"],
  externalData: [13, many(() => EntryProto)],
  dataLocation: [14, "int"],
});

export interface DimensionProto {
  dimValue?: number;
  dimParam?: string;
}

export const DimensionProto = message<DimensionProto>("TensorShapeProto.Dimension", { dimValue: [1, "int"], dimParam: [2, "string"] });

export interface TensorShapeProto {
  dim: DimensionProto[];
}

export const TensorShapeProto = message<TensorShapeProto>("TensorShapeProto", { dim: [1, many(() => DimensionProto)] });

export interface TensorTypeProto {
  elemType?: number;
  shape?: TensorShapeProto;
}

export const TensorTypeProto = message<TensorTypeProto>("TypeProto.Tensor", { elemType: [1, "int"], shape: [2, one(() => TensorShapeProto)] });

export interface TypeProto {
  tensorType?: TensorTypeProto;
}

export const TypeProto = message<TypeProto>("TypeProto", { tensorType: [1, one(() => TensorTypeProto)] });

export interface ValueInfoProto {
  name?: string;
  type?: TypeProto;
}

export const ValueInfoProto = message<ValueInfoProto>("ValueInfoProto", { name: [1, "string"], type: [2, one(() => TypeProto)] });

export interface AttributeProto {
  name?: string;
  type?: number;
  refAttrName?: string;
  f?: number;
  i?: number;
  s?: string;
  t?: TensorProto;
  g?: GraphProto;
  floats: number[];
  ints: number[];
  strings: string[];
}

export const AttributeProto: MessageType<AttributeProto> = message<AttributeProto>("AttributeProto", {
  name: [1, "string"],
  type: [20, "int"],
  refAttrName: [21, "string"],
  f: [2, "float"],
  i: [3, "int"],
  s: [4, "string"],
  t: [5, one(() => TensorProto)],
  g: [6, one(() => GraphProto)],
  floats: [7, "floats"],
  ints: [8, "ints"],
  strings: [9, "strings"],
});

export interface NodeProto {
  input: string[];
  output: string[];
  name?: string;
  opType?: string;
  attribute: AttributeProto[];
  domain?: string;
  overload?: string;
  metadataProps: EntryProto[];
}

export const NodeProto = message<NodeProto>("NodeProto", {
  input: [1, "strings"],
  output: [2, "strings"],
  name: [3, "string"],
  opType: [4, "string"],
  attribute: [5, many(() => AttributeProto)],
  domain: [7, "string"],
  overload: [8, "string"],
  metadataProps: [9, many(() => EntryProto)],
});

/** Only to tell that there is one: sparse tensors are not read. */
export type SparseTensorProto = Record<never, never>;

export const SparseTensorProto = message<SparseTensorProto>("SparseTensorProto", {});

export interface GraphProto {
  node: NodeProto[];
  name?: string;
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  sparseInitializer: SparseTensorProto[];
}

export const GraphProto = message<GraphProto>("GraphProto", {
  node: [1, many(() => NodeProto)],
  name: [2, "string"],
  initializer: [5, many(() => TensorProto)],
  input: [11, many(() => ValueInfoProto)],
  output: [12, many(() => ValueInfoProto)],
  sparseInitializer: [15, many(() => SparseTensorProto)],
});

export interface FunctionProto {
  name?: string;
  input: string[];
  output: string[];
  node: NodeProto[];
  opsetImport: OperatorSetIdProto[];
  domain?: string;
  attributeProto: AttributeProto[];
  overload?: string;
}

export const FunctionProto = message<FunctionProto>("FunctionProto", {
  name: [1, "string"],
  input: [4, "strings"],
  output: [5, "strings"],
  node: [7, many(() => NodeProto)],
  opsetImport: [9, many(() => OperatorSetIdProto)],
  domain: [10, "string"],
  attributeProto: [11, many(() => AttributeProto)],
  overload: [13, "string"],
});

export interface ModelProto {
  irVersion?: number;
  opsetImport: OperatorSetIdProto[];
  producerName?: string;
  producerVersion?: string;
  graph?: GraphProto;
  metadataProps: EntryProto[];
  functions: FunctionProto[];
}

export const ModelProto = message<ModelProto>("ModelProto", {
  irVersion: [1, "int"],
  opsetImport: [8, many(() => OperatorSetIdProto)],
  producerName: [2, "string"],
  producerVersion: [3, "string"],
  graph: [7, one(() => GraphProto)],
  metadataProps: [14, many(() => EntryProto)],
  functions: [25, many(() => FunctionProto)],
});

/** TensorProto.DataType of each element type. */
export const dataTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

/** The element type of each of ONNX's numbers. */
export const dtypesByNumber: ReadonlyMap<number, DType> = new Map(Object.entries(dataTypes).map(([dtype, number]) => [number, dtype as DType]));

/** Names of the element types that Pellucid does not compute with. */
export const foreignDataTypes: Readonly<Record<number, string>> = {
  8: "string",
  14: "complex64",
  15: "complex128",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
  24: "float8e8m0",
  25: "uint2",
  26: "int2",
  27: "float6e2m3",
  28: "float6e3m2",
};

/** TensorProto.DataLocation of weights in other files. */
export const EXTERNAL = 1;

/** AttributeProto.AttributeType of each kind. */
export const attributeTypes: Readonly<Record<Attribute["kind"], number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
};
